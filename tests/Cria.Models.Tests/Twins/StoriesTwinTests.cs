using System.Text.Json;

namespace Cria.Models.Tests.Twins;

/// <summary>The Llama twin over a checkpoint that others trained, held to the float64 logits that others computed.</summary>
public sealed class StoriesTwinTests
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
}
