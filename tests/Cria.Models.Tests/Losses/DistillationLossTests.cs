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

    [Theory]
    [InlineData(EnsembleMean.Logits), InlineData(EnsembleMean.Probabilities)]
    public void A_teacher_that_weighs_twice_as_much_counts_as_two(EnsembleMean mean)
    {
        var kernels = new ReferenceKernels<double>();
        using var models = new Models(DType.F64);
        DistillationOptions options = new(Temperature: 2, Mean: mean);
        var weighted = models.Run(kernels, options with { Weights = [3, 1.5f] });
        var twice = models.Run(kernels, options, teachers: [models.Teachers[0], models.Teachers[0], models.Teachers[1]]);
        Assert.Equal(twice.Loss, weighted.Loss, 1e-7 * twice.Loss); // shares are floats
        var even = models.Run(kernels, options);
        Assert.True(Math.Abs(even.Loss - weighted.Loss) > 1e-4 * twice.Loss, "the weights change nothing");
        var alike = models.Run(kernels, options with { Weights = [3, 3] });
        Assert.Equal(even.Totals, alike.Totals);
        Assert.Equal(even.Gradients, alike.Gradients);
    }

    [Fact]
    public void Behind_the_loss_stand_its_parts()
    {
        using var kernels = new Owned(KernelChoice.Best(2));
        using var models = new Models(DType.F32);
        DistillationOptions options = new(0.25f, 2, Reduction: DivergenceReduction.Sequences);
        double[] totals = models.Run(kernels.Kernels, options).Totals;
        Assert.Equal(3, totals.Length);
        Assert.Equal(0.25 * totals[1] + 0.75 * 4 * Length * totals[2], totals[0], 1e-5 * totals[0]);
        Assert.Equal(totals[1], models.Run(kernels.Kernels, options with { Alpha = 1 }).Loss, 1e-5);
        Assert.Equal(totals[1..], models.Run(kernels.Kernels, options with { Alpha = 0 }).Totals[1..]); // they are told whatever they count
    }

    /// <summary>
    /// The script of the paper takes the divergence of three-dimensional logits with reduction "batchmean", which divides by the
    /// sequences alone: B sums over 128 tokens, where the cross-entropy is a mean over tokens.
    /// </summary>
    [Fact]
    public void The_published_reduction_is_128_times_that_of_a_token()
    {
        const int Long = 128, Batch = 2;
        const float T = 2;
        var kernels = new ReferenceKernels<double>();
        using var models = new Models(DType.F64, context: Long);
        int[] ids = Sizes.Tokens(Batch * Long), next = [.. Sizes.Tokens(Batch * Long + 1).Skip(1)];
        DistillationOptions published = new(0.5f, T, EnsembleMean.Logits, DivergenceReduction.Sequences);
        var sequences = models.Run(kernels, published, ids: ids, targets: next, length: Long);
        var tokens = models.Run(kernels, published with { Reduction = DivergenceReduction.Tokens }, ids: ids, targets: next, length: Long);

        double[][] student = models.Logits(models.Student, kernels, ids, Long);
        double[][][] teachers = [.. models.Teachers.Select(teacher => models.Logits(teacher, kernels, ids, Long))];
        double batchMean = 0, surprise = 0;
        for (int row = 0; row < Batch * Long; row++)
        {
            double[] q = LogSoftmax([.. student[row].Select(x => x / T)]);
            double[] p = LogSoftmax([.. q.Select((_, v) => teachers.Average(t => t[row][v]) / T)]);
            batchMean += p.Select((log, v) => Math.Exp(log) * (log - q[v])).Sum() / Batch;
            surprise -= LogSoftmax(student[row])[next[row]] / (Batch * Long);
        }
        Assert.Equal(0.5 * surprise + 0.5 * T * T * batchMean, sequences.Loss, 1e-6 * sequences.Loss);
        double Taught((double Loss, double[], double[] Totals) run) => run.Loss - 0.5 * run.Totals[1];
        Assert.Equal(Long, Taught(sequences) / Taught(tokens), 1e-4);
    }

    [Fact]
    public void A_teachers_activations_make_room_for_the_next_ones()
    {
        using var models = new Models(DType.F32);
        var wide = Sizes.SmallGpt2 with { HiddenSize = 96, IntermediateSize = 512, NumHiddenLayers = 3 };
        using ILanguageModel first = TestModels.Ready(wide), second = TestModels.Ready(wide);
        foreach (var teacher in (ILanguageModel[])[first, second])
            foreach (var parameter in teacher.Parameters.Parameters)
                parameter.Trainable = false;
        var graph = new Graph();
        var sequence = new Sequence(graph, Rows, Rows, Length);
        var targets = graph.Input("targets", DType.I32, new(Rows, 1), followsExtent: true);
        var weights = graph.Input("weights", DType.F32, new(Rows, 1), followsExtent: true);
        int began = graph.Ops.Count;
        var loss = new DistillationLoss([first, second], new());
        var head = loss.Record(graph, sequence, models.Student, targets, weights);
        int ops = (graph.Ops.Count - 1 - StudentOps(models.Student)) / 2; // of one teacher, all before the student's
        Value[] hidden = [graph.Ops[began + ops - 1].Output, graph.Ops[began + 2 * ops - 1].Output];
        HashSet<Op> secondsOps = [.. graph.Ops.Skip(began + ops).Take(ops)];
        Value[] firstsValues = [.. graph.Ops.Skip(began).Take(ops).Select(op => op.Output)];
        using var plan = Plan.Training(graph, head.Output, CpuDevice.Instance);
        int secondBegins = plan.Steps.Select((step, i) => (step.Op, i)).First(at => secondsOps.Contains(at.Op)).i;
        foreach (var value in firstsValues.Except(hidden))
            Assert.True(plan.LifetimeOf(value) is not { } spans || spans[^1].Last < secondBegins, $"{value} outlives its teacher");
        Assert.All(hidden, value => Assert.True(plan.LifetimeOf(value)![^1].Last > secondBegins));

        // Two teachers take as much of the arena as one, but for the hidden states that wait for the head.
        long one = Arena(first), two = Arena(first, second);
        Assert.InRange(two - one, 0, hidden[0].SizeInBytes + (8 << 10));

        long Arena(params ILanguageModel[] teachers)
        {
            var listening = new DistillationLoss(teachers, new());
            using var recorded = TrainingPlan.Record(models.Student, Sequences, Length, new(), loss: listening).Plan;
            return recorded.ArenaBytes;
        }

        static int StudentOps(ILanguageModel student)
        {
            var alone = new Graph();
            student.Predict(alone, new Sequence(alone, Rows, Rows, Length));
            return alone.Ops.Count;
        }
    }

    [Fact]
    public void An_evaluation_measures_the_next_token_and_the_teachers_apart()
    {
        using var kernels = new Owned(KernelChoice.Best(2));
        using var models = new Models(DType.F32);
        var options = new DistillationOptions(0.25f, 2);
        int[][] windows = [Sizes.Tokens(9), Sizes.Tokens(Length + 1), [3, 1]];
        using var plain = new LossPass(models.Student, Rows, Length);
        using var taught = new LossPass(models.Student, Rows, Length, new DistillationLoss(models.Teachers, options));
        using var arena = new Arena(CpuDevice.Instance, plain.Plan, taught.Plan);
        arena.Poison();
        float[] expected = Losses(plain), losses = Losses(taught);
        Assert.False(plain.HasTeachers);
        Assert.True(plain.Divergences.IsEmpty && plain.TaughtLosses.IsEmpty);
        Assert.Equal(expected.Length, taught.Divergences.Length);
        for (int i = 0; i < losses.Length; i++)
        {
            Assert.Equal(expected[i], losses[i], 1e-5f);
            Assert.True(taught.Divergences[i] > 0);
            Assert.Equal(0.25f * losses[i] + 3 * taught.Divergences[i], taught.TaughtLosses[i], 1e-5f * taught.TaughtLosses[i]);
        }

        float[] Losses(LossPass pass)
        {
            foreach (int[] window in windows)
                Assert.True(pass.TryAdd(window));
            return pass.Run(kernels.Kernels).ToArray();
        }
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
        var (loss, gradients, _) = models.Run(one.Kernels, options, new(ShareMemory: false));
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
        Assert.Contains("1 teachers are named",
            Assert.Throws<ConfigException>(() => new DistillationLoss([foreign], new(Weights: [1, 2]))).Message);
        Assert.Contains("has a 0,", Assert.Throws<ConfigException>(() => new DistillationLoss([foreign], new(Weights: [0]))).Message);
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
        public Models(DType type, float teacherDropout = 0, float studentDropout = 0, int context = 64)
        {
            var config = DistillationLossTests.Student with
            {
                InitializerRange = 0.2f,
                ResidualDropout = studentDropout,
                MaxPositionEmbeddings = context,
            };
            Student = TestModels.Ready(config, type, withGradients: true);
            Teachers =
            [
                TestModels.Ready(Sizes.SmallLlama with
                {
                    InitializerRange = 0.3f,
                    ResidualDropout = teacherDropout,
                    MaxPositionEmbeddings = context,
                }, type),
                TestModels.Ready(Sizes.SmallGptJ with
                {
                    InitializerRange = 0.2f,
                    EmbeddingDropout = teacherDropout,
                    MaxPositionEmbeddings = context,
                }, type),
            ];
        }

        public ILanguageModel Student { get; }

        public ILanguageModel[] Teachers { get; }

        public int[] Ids { get; } = Sizes.Tokens(Rows);

        public int[] Targets { get; } = [.. Sizes.Tokens(Rows + 1).Skip(1)];

        public (double Loss, double[] Gradients, double[] Totals) Run(
            IKernels kernels, DistillationOptions options, PlanOptions? layout = null, int steps = 1,
            Action<long>? told = null, ILanguageModel[]? teachers = null, int[]? ids = null, int[]? targets = null, int length = Length)
        {
            (ids, targets) = (ids ?? Ids, targets ?? Targets);
            int rows = ids.Length;
            var loss = new DistillationLoss(teachers ?? Teachers, options);
            var recorded = TrainingPlan.Record(Student, rows / length, length, layout ?? new(), seed: 7, loss);
            using var plan = recorded.Plan;
            using var arena = new Arena(CpuDevice.Instance, plan);
            arena.Poison();
            recorded.Sequence.Fill(ids, [.. Enumerable.Range(0, rows / length).Select(s => s * length)]);
            recorded.Sequence.Dropout!.Fill(0);
            recorded.Targets.Data.Write<int>(targets);
            if (Student.Parameters.DType == DType.F64)
                recorded.Weights.Data.Write<double>([.. Enumerable.Repeat(1.0 / rows, rows)]);
            else
                recorded.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / rows, rows)]);
            for (int step = 0; step < steps; step++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                plan.Forward(kernels);
                plan.Backward(kernels);
                told?.Invoke(GC.GetAllocatedBytesForCurrentThread() - before);
            }
            double[] totals = TestModels.Numbers(recorded.Head.Output.Data);
            return (totals[0], [.. Student.Parameters.Parameters.SelectMany(p => TestModels.Numbers(p.Gradient!.Data))], totals);
        }

        public double[][] Logits(ILanguageModel model, IKernels kernels, int[]? ids = null, int length = Length) =>
            [.. TestModels.Logits(model, kernels, [.. (ids ?? Ids).Chunk(length)]).Chunk(model.Config.VocabSize)];

        public void Dispose()
        {
            Student.Dispose();
            foreach (var teacher in Teachers)
                teacher.Dispose();
        }
    }
}
