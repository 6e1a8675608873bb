using System.Text.Json;

namespace Cria.Models.Tests.Twins;

/// <summary>Twins over weights that others made, held to logits that others' programs computed.</summary>
public sealed class PublishedModelTests
{
    [Fact]
    public void The_twin_gives_the_published_logits_of_stories260K()
    {
        string folder = Path.Combine(TestData.Root, "checkpoints");
        TestData.Need(folder);
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "stories260K.logits.json")));
        using var sizes = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "stories260K-hf", "config.json")));
        int Size(string key) => sizes.RootElement.GetProperty(key).GetInt32();
        var config = new LlamaConfig
        {
            VocabSize = Size("vocab_size"),
            HiddenSize = Size("hidden_size"),
            NumHiddenLayers = Size("num_hidden_layers"),
            NumAttentionHeads = Size("num_attention_heads"),
            NumKeyValueHeads = Size("num_key_value_heads"),
            IntermediateSize = Size("intermediate_size"),
            RmsNormEps = sizes.RootElement.GetProperty("rms_norm_eps").GetSingle(),
            RopeTheta = sizes.RootElement.GetProperty("rope_theta").GetDouble(),
            TieWordEmbeddings = sizes.RootElement.GetProperty("tie_word_embeddings").GetBoolean(),
        };
        var file = Checkpoint.Read(Path.Combine(folder, "stories260K-hf", "model.safetensors"));
        int[] ids = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        double[] expected = [.. golden.RootElement.GetProperty("logits_float64_last_position").EnumerateArray().Select(x => x.GetDouble())];
        double[] actual = new LlamaTwin(config, file).Logits(new(), ids).Numbers[^config.VocabSize..];
        double worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst < 1e-6, $"a logit differs by {worst}"); // epsilon is a float32 here
    }

    /// <summary>
    /// A random GPT-2 that Hugging Face's own model wrote as ONNX, with matrices ten times as large, gains 1 + 0.1 cos i and
    /// biases 0.1 sin i, so that nothing in it is idle. ONNX Runtime 1.30 gave the logits, in float32.
    /// </summary>
    [Fact]
    public void The_twin_gives_the_logits_of_Hugging_Face_s_own_GPT_2()
    {
        string path = Path.Combine(TestData.Root, "checkpoints", "gpt2-tiny-decoder.onnx");
        TestData.Need(path);
        var config = new Gpt2Config
        {
            VocabSize = 1000,
            HiddenSize = 32,
            NumHiddenLayers = 5,
            NumAttentionHeads = 4,
            MaxPositionEmbeddings = 512,
        };
        var matrices = OnnxMatrices.Read(path);
        var logits = new Gpt2Twin(config, Checkpoint.Filled(config, tensor => tensor.Shape.Rank == 2
            ? i => matrices[tensor.Name].Numbers[i] * 10
            : tensor.Name.EndsWith("bias", StringComparison.Ordinal) ? i => 0.1 * Math.Sin(i)
            : i => 1 + 0.1 * Math.Cos(i))).Logits(new(), Sizes.Tokens(13));
        foreach (var (row, expected) in ((int, double[])[])
        [
            (0, [1.3557537, -0.7341936, -0.8463903, -0.7489137, -1.2087754, 2.7054141, 2.0925219, -0.5561965]),
            (5, [1.1222197, -1.8408335, 1.5967392, -0.5141416, -1.1368823, 2.4808812, -0.2463650, -0.9513823]),
            (12, [0.2415009, 1.1030529, 0.1532370, 0.2143630, -1.4268938, 2.5167921, -1.6751143, -1.2827930]),
        ])
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], logits.Numbers[row * 1000 + i], 1e-5);
    }
}
