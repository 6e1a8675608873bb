using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests.Twins;

/// <summary>
/// Every architecture against a second implementation that was written from its paper: same tensors of a file, same
/// tokens, three sequences of different lengths in one step, one of their targets ignored.
/// </summary>
public sealed class TwinTests
{
    static readonly int[][] Sequences = [Sizes.Tokens(13), [.. Sizes.Tokens(20).Skip(14)], [5]];
    static readonly int[][] Targets = [[.. Sizes.Tokens(14).Skip(1)], [3, -1, 96, 0, 0, 41], [7]];

    static readonly Gpt2Config Gpt2 = Sizes.SmallGpt2 with { NumHiddenLayers = 3, MaxPositionEmbeddings = 17 };
    static readonly GptJConfig GptJ = Sizes.SmallGptJ with { HiddenSize = 39 };
    static readonly LlamaConfig Llama = Sizes.SmallLlama with { HiddenSize = 42, NumAttentionHeads = 3, NumKeyValueHeads = 1 };
    static readonly Qwen3Config Qwen3 = Sizes.SmallQwen3 with
    {
        HiddenSize = 37,
        NumAttentionHeads = 3,
        NumKeyValueHeads = 1,
        HeadDim = 14,
    };

    /// <summary>Sizes, and how large queries and keys are: at 4 the attention is all but decided.</summary>
    public static TheoryData<string, ModelConfig, double> Models => new()
    {
        { "GPT-2", Gpt2, 1 },
        { "GPT-2, decided", Gpt2, 4 },
        { "GPT-2 without biases", Gpt2 with { Bias = false, IntermediateSize = 0 }, 1 },
        { "GPT-2 with the exact GELU", Gpt2 with { HiddenAct = "gelu" }, 1 },
        { "GPT-2, each layer's scores smaller", Gpt2 with { ScaleAttnByInverseLayerIdx = true }, 1 },
        { "GPT-2, scores as they are", Gpt2 with { ScaleAttnWeights = false, ScaleAttnByInverseLayerIdx = true }, 1 },
        { "GPT-J", GptJ, 1 },
        { "GPT-J, decided", GptJ, 4 },
        { "GPT-J, tied, whole heads turned", GptJ with { TieWordEmbeddings = true, HiddenSize = 42, RotaryDim = 0 }, 1 },
        { "GPT-J, five heads", GptJ with { HiddenSize = 45, NumAttentionHeads = 5, RotaryDim = 4 }, 1 },
        { "GPT-J, four times as wide inside", GptJ with { IntermediateSize = 0, LayerNormEps = 0.01f, RotaryDim = 12 }, 1 },
        { "Llama", Llama, 1 },
        { "Llama, decided", Llama, 4 },
        { "Llama with a token that only fills up", Llama with { PadTokenId = 5 }, 1 },
        { "Llama, untied, with a token that only fills up", Llama with { PadTokenId = 5, TieWordEmbeddings = false }, 1 },
        { "Llama, untied, heads of another width", Llama with { TieWordEmbeddings = false, HeadDim = 10, RopeTheta = 300 }, 1 },
        { "Llama, five heads for five", Llama with { NumAttentionHeads = 5, NumKeyValueHeads = 0, HiddenSize = 30 }, 1 },
        { "Llama, six heads for three", Llama with { NumAttentionHeads = 6, NumKeyValueHeads = 3, HeadDim = 6, RmsNormEps = 0.01f }, 1 },
        { "Qwen3", Qwen3, 1 },
        { "Qwen3, decided", Qwen3, 4 },
        { "Qwen3, untied, five heads for five", Qwen3 with { TieWordEmbeddings = false, NumAttentionHeads = 5, NumKeyValueHeads = 0 }, 1 },
        { "Qwen3, four heads for two", Qwen3 with { NumAttentionHeads = 4, NumKeyValueHeads = 2, HeadDim = 6, RopeTheta = 10_000 }, 1 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_and_every_gradient_are_those_of_the_twin(string what, ModelConfig config, double sharpness) =>
        Agree(what, config, sharpness, Sequences, Targets);

    /// <summary>Longer than the tiles of the kernels are high and wide.</summary>
    [Theory]
    [MemberData(nameof(Sizes.Architectures), MemberType = typeof(Sizes))]
    public void Long_sequences_give_the_same_too(string architecture)
    {
        int[][] sequences = [Sizes.Tokens(131), Sizes.Tokens(67)];
        int[][] targets = [[.. Sizes.Tokens(132).Skip(1)], [.. Sizes.Tokens(68).Skip(1)]];
        Agree(architecture, Sizes.Small[architecture] with { MaxPositionEmbeddings = 131 }, 2, sequences, targets);
    }

    static void Agree(string what, ModelConfig config, double sharpness, int[][] sequences, int[][] targets)
    {
        var file = Checkpoint.Random(config, 0.2, sharpness);
        var t = new Tape();
        var logits = sequences.Select(ids => Twin(config, file).Logits(t, ids)).ToArray();
        double each = 1.0 / targets.Sum(row => row.Count(target => target >= 0));
        var loss = logits.Select((rows, i) => t.CrossEntropy(rows, targets[i], each)).Aggregate(t.Sum);
        t.Backward(loss);
        double[] expected = [.. logits.SelectMany(rows => rows.Numbers)];
        Assert.True(expected.Max() - expected.Min() > 1, "the logits are too alike to prove anything");
        if (sharpness > 2)
            Assert.InRange(t.Attentions.Average(rows => rows.Numbers[^rows.Columns..].Max()), 0.9, 1);

        using var exact = new EngineSide(config, DType.F64, file, sequences);
        var reference = new ReferenceKernels<double>();
        Same($"{what}, float64", expected, exact.Logits(reference), 1e-6); // scales are float32 even there
        Same($"{what}, float64", loss.Numbers[0], file, exact.Step(reference, targets), 1e-5);

        using var single = new EngineSide(config, DType.F32, file, sequences);
        foreach (var kernels in (IKernels[])[new ReferenceKernels<float>(), .. KernelChoice.All(2)])
        {
            using var owned = new Owned(kernels);
            Same($"{what}, {kernels.Name}", expected, single.Logits(kernels), 1e-4);
            Same($"{what}, {kernels.Name}", loss.Numbers[0], file, single.Step(kernels, targets), 1e-3);
        }
    }

    static ITwin Twin(ModelConfig config, Checkpoint file) => config switch
    {
        Gpt2Config gpt2 => new Gpt2Twin(gpt2, file),
        GptJConfig gptJ => new GptJTwin(gptJ, file),
        LlamaConfig llama => new LlamaTwin(llama, file),
        Qwen3Config qwen3 => new Qwen3Twin(qwen3, file),
        _ => throw new ArgumentException($"{config.ModelType} has no twin"),
    };

    static void Same(string who, double[] expected, double[] logits, double tolerance)
    {
        Assert.Equal(expected.Length, logits.Length);
        double worst = expected.Zip(logits, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance, $"{who}: a logit differs by {worst}");
    }

    /// <summary>Relative to the tensor: every number to its largest, and the difference's norm to its norm.</summary>
    static void Same(string who, double loss, Checkpoint file, (double Loss, Dictionary<string, double[]> Gradients) step, double tolerance)
    {
        Assert.Equal(loss, step.Loss, tolerance * 0.1);
        Assert.Equal(file.Tensors.Keys.Order(), step.Gradients.Keys.Order());
        foreach (var (name, gradient) in step.Gradients)
        {
            double[] expected = file[name].Gradient, difference = [.. expected.Zip(gradient, (a, b) => a - b)];
            double largest = Largest(difference) / Largest(expected), whole = Norm(difference) / Norm(expected);
            Assert.True(largest <= tolerance && whole <= tolerance, // a NaN is not
                $"{who}: the gradient of {name} is off by {largest} at worst and {whole} on the whole");
        }
    }

    static double Largest(double[] numbers) => numbers.Max(Math.Abs);

    static double Norm(double[] numbers) => Math.Sqrt(numbers.Sum(x => x * x));
}
