using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Models.Losses;

namespace Cria.Models.Tests.Losses;

/// <summary>A small Llama that learns from a Llama and a wider GPT-J of its vocabulary.</summary>
public sealed class DistillationLossTests
{
    const int Sequences = 2, Length = 16, Rows = Sequences * Length;

    static readonly LlamaConfig Student = Sizes.SmallLlama with { NumHiddenLayers = 1 };

    [Theory]
    [InlineData(EnsembleMean.Logits, 2, DivergenceReduction.Tokens)]
    [InlineData(EnsembleMean.Probabilities, 1.5f, DivergenceReduction.Sequences)]
    public void The_loss_is_what_the_formula_says(EnsembleMean mean, float temperature, DivergenceReduction reduction)
    {
        var kernels = new ReferenceKernels<double>();
        using var models = new Models(DType.F64);
        double loss = models.Run(kernels, new(0.25f, temperature, mean, reduction)).Loss;

        double[][] student = models.Logits(models.Student, kernels);
        double[][][] teachers = [.. models.Teachers.Select(teacher => models.Logits(teacher, kernels))];
        double expected = 0;
        for (int row = 0; row < Rows; row++)
        {
            double[] cold = LogSoftmax([.. student[row].Select(x => x / temperature)]);
            int[] words = [.. Enumerable.Range(0, student[row].Length)];
            double[][] each = [.. teachers.Select(t => LogSoftmax([.. t[row].Select(x => x / temperature)]))];
            double[] taught = mean == EnsembleMean.Logits
                ? [.. LogSoftmax([.. words.Select(v => teachers.Average(t => t[row][v]) / temperature)]).Select(Math.Exp)]
                : [.. words.Select(v => each.Average(t => Math.Exp(t[v])))];
            double divergence = taught.Select((p, v) => p * (Math.Log(p) - cold[v])).Sum();
            double factor = 0.75 * temperature * temperature * (reduction == DivergenceReduction.Sequences ? Length : 1);
            expected += (-0.25 * LogSoftmax(student[row])[models.Targets[row]] + factor * divergence) / Rows;
        }
        Assert.Equal(expected, loss, 1e-6 * expected); // α and T are floats
    }

    [Fact]
    public void A_teacher_that_dropped_out_in_its_own_training_does_not_do_so_here()
    {
        using var kernels = new Owned(KernelChoice.Best(2));
        using var plain = new Models(DType.F32);
        using var dropping = new Models(DType.F32, teacherDropout: 0.5f);
        Assert.Equal(plain.Run(kernels.Kernels, new()).Loss, dropping.Run(kernels.Kernels, new()).Loss);
        using var learning = new Models(DType.F32, studentDropout: 0.5f);
        Assert.NotEqual(plain.Run(kernels.Kernels, new()).Loss, learning.Run(kernels.Kernels, new()).Loss);
    }

    [Theory]
    [InlineData(EnsembleMean.Logits), InlineData(EnsembleMean.Probabilities)]
    public void Threads_sharing_memory_and_recomputing_change_no_bit(EnsembleMean mean)
    {
        using var models = new Models(DType.F32);
        using var one = new Owned(KernelChoice.Best(1));
        using var three = new Owned(KernelChoice.Best(3));
        DistillationOptions options = new(Mean: mean, Temperature: 2);
        var (loss, gradients) = models.Run(one.Kernels, options, new(ShareMemory: false));
        foreach (var kernels in (IKernels[])[one.Kernels, three.Kernels])
            foreach (bool recompute in (bool[])[false, true])
            {
                var again = models.Run(kernels, options, new(recompute));
                Assert.Equal(loss, again.Loss);
                Assert.Equal(gradients, again.Gradients);
            }
    }

    [Theory]
    [InlineData(EnsembleMean.Logits), InlineData(EnsembleMean.Probabilities)]
    public void After_the_first_step_nothing_is_allocated(EnsembleMean mean)
    {
        using var models = new Models(DType.F32);
        using var kernels = new Owned(KernelChoice.Best(1));
        long least = long.MaxValue;
        models.Run(kernels.Kernels, new(Mean: mean), steps: 20, told: allocated => least = Math.Min(least, allocated));
        Assert.Equal(0, least);
    }

    [Fact]
    public void A_teacher_of_another_vocabulary_or_of_a_shorter_context_is_refused_in_a_sentence()
    {
        using var models = new Models(DType.F32);
        using var foreign = TestModels.Ready(Sizes.SmallGpt2 with { VocabSize = 98 });
        using var shortsighted = TestModels.Ready(Sizes.SmallGpt2 with { MaxPositionEmbeddings = Length - 1 });
        Assert.Contains("98 tokens", Refused(foreign));
        Assert.Contains("context is 15", Refused(shortsighted));
        Assert.Contains("needs a teacher", Assert.Throws<ConfigException>(() => new DistillationLoss([], new())).Message);
        Assert.Contains("loss.alpha 1.5", Assert.Throws<ConfigException>(() => new DistillationLoss([foreign], new(Alpha: 1.5f))).Message);

        string Refused(ILanguageModel teacher) => Assert.Throws<ConfigException>(() =>
            TrainingPlan.Record(models.Student, Sequences, Length, new(), loss: new DistillationLoss([teacher], new()))).Message;
    }

    static double[] LogSoftmax(double[] logits)
    {
        double log = Math.Log(logits.Sum(Math.Exp));
        return [.. logits.Select(x => x - log)];
    }

    sealed class Models : IDisposable
    {
        public Models(DType type, float teacherDropout = 0, float studentDropout = 0)
        {
            var config = DistillationLossTests.Student with { InitializerRange = 0.2f, ResidualDropout = studentDropout };
            Student = TestModels.Ready(config, type, withGradients: true);
            Teachers =
            [
                TestModels.Ready(Sizes.SmallLlama with { InitializerRange = 0.3f, ResidualDropout = teacherDropout }, type),
                TestModels.Ready(Sizes.SmallGptJ with { InitializerRange = 0.2f, EmbeddingDropout = teacherDropout }, type),
            ];
        }

        public ILanguageModel Student { get; }

        public ILanguageModel[] Teachers { get; }

        public int[] Ids { get; } = Sizes.Tokens(Rows);

        public int[] Targets { get; } = [.. Sizes.Tokens(Rows + 1).Skip(1)];

        public (double Loss, double[] Gradients) Run(
            IKernels kernels, DistillationOptions options, PlanOptions? layout = null, int steps = 1, Action<long>? told = null)
        {
            var loss = new DistillationLoss(Teachers, options);
            var recorded = TrainingPlan.Record(Student, Sequences, Length, layout ?? new(), seed: 7, loss);
            using var plan = recorded.Plan;
            using var arena = new Arena(CpuDevice.Instance, plan);
            arena.Poison();
            recorded.Sequence.Fill(Ids, [0, Length]);
            recorded.Sequence.Dropout!.Fill(0);
            recorded.Targets.Data.Write<int>(Targets);
            if (Student.Parameters.DType == DType.F64)
                recorded.Weights.Data.Write<double>([.. Enumerable.Repeat(1.0 / Rows, Rows)]);
            else
                recorded.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / Rows, Rows)]);
            for (int step = 0; step < steps; step++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                plan.Forward(kernels);
                plan.Backward(kernels);
                told?.Invoke(GC.GetAllocatedBytesForCurrentThread() - before);
            }
            return (TestModels.Numbers(recorded.Head.Output.Data)[0],
                [.. Student.Parameters.Parameters.SelectMany(p => TestModels.Numbers(p.Gradient!.Data))]);
        }

        public double[][] Logits(ILanguageModel model, IKernels kernels) =>
            [.. TestModels.Logits(model, kernels, Ids[..Length], Ids[Length..]).Chunk(model.Config.VocabSize)];

        public void Dispose()
        {
            Student.Dispose();
            foreach (var teacher in Teachers)
                teacher.Dispose();
        }
    }
}
