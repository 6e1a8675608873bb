using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

/// <summary>What several models say as one, all of it.</summary>
public sealed class TeacherPassTests
{
    const int Length = 16;

    [Theory]
    [InlineData(EnsembleMean.Logits, 2), InlineData(EnsembleMean.Logits, 1)]
    [InlineData(EnsembleMean.Probabilities, 1.5f), InlineData(EnsembleMean.Probabilities, 1)]
    public void It_is_what_the_formula_says_of_any_number_of_windows_at_once(EnsembleMean mean, float temperature)
    {
        using var kernels = new Owned(KernelChoice.Best(2));
        using var llama = TestModels.Ready(Sizes.SmallLlama with { InitializerRange = 0.3f, ResidualDropout = 0.5f });
        using var gpt = TestModels.Ready(Sizes.SmallGptJ with { InitializerRange = 0.2f });
        ILanguageModel[] teachers = [llama, gpt];
        int[] ids = Sizes.Tokens(3 * Length), starts = [0, 5, Length, 2 * Length];
        float[] expected = Expected(teachers, [0.75, 0.25], mean, temperature, kernels.Kernels, ids, starts);
        foreach (int windows in (int[])[1, 2, 3])
        {
            using TeacherPass pass = new(teachers, [3, 1], mean, temperature, Length, windows);
            Assert.Equal(windows, pass.Windows);
            float[] all = new float[expected.Length];
            for (int first = 0; first < 3; first += windows)
            {
                int from = first * Length, to = Math.Min(3, first + windows) * Length;
                int[] own = [.. starts.Where(start => start >= from && start < to).Select(start => start - from)];
                pass.Run(kernels.Kernels, ids.AsSpan(from, to - from), own, all.AsSpan(from * 97, (to - from) * 97));
            }
            Assert.Equal(expected, all, (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void A_teacher_of_another_vocabulary_or_of_a_shorter_context_is_refused_in_a_sentence()
    {
        using var llama = TestModels.Ready(Sizes.SmallLlama);
        using var foreign = TestModels.Ready(Sizes.SmallGpt2 with { VocabSize = 98 });
        Assert.Contains("of 98 tokens", Refused(Length, llama, foreign));
        Assert.Contains("context is 64", Refused(65, llama));

        static string Refused(int length, params ILanguageModel[] teachers) => Assert.Throws<ConfigException>(
            () => new TeacherPass(teachers, [.. teachers.Select(_ => 1.0)], default, 1, length, 1)).Message;
    }

    static float[] Expected(ILanguageModel[] teachers, double[] shares, EnsembleMean mean, float temperature, IKernels kernels,
        int[] ids, int[] starts)
    {
        int[] ends = [.. starts[1..], ids.Length];
        int[][] segments = [.. starts.Select((start, i) => ids[start..ends[i]])];
        double[][][] logits = [.. teachers.Select(teacher => TestModels.Logits(teacher, kernels, segments).Chunk(97).ToArray())];
        return [.. Enumerable.Range(0, ids.Length).SelectMany(row => mean == EnsembleMean.Logits
            ? Softmax([.. Enumerable.Range(0, 97).Select(v => logits.Select((each, i) => shares[i] * each[row][v]).Sum() / temperature)])
            : Mean(logits.Select(each => Softmax([.. each[row].Select(x => x / temperature)])))).Select(p => (float)p)];

        double[] Mean(IEnumerable<double[]> each) =>
            each.Select((p, i) => p.Select(x => shares[i] * x).ToArray()).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);
    }

    static double[] Softmax(double[] logits)
    {
        double top = logits.Max(), sum = logits.Sum(x => Math.Exp(x - top));
        return [.. logits.Select(x => Math.Exp(x - top) / sum)];
    }
}
