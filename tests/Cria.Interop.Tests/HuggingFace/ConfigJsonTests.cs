using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.HuggingFace;

public sealed class ConfigJsonTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_config_written_and_read_is_the_same()
    {
        var config = new LlamaConfig
        {
            VocabSize = 300,
            HiddenSize = 48,
            NumHiddenLayers = 3,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
            HeadDim = 16,
            IntermediateSize = 100,
            MaxPositionEmbeddings = 77,
            RmsNormEps = 1e-6f,
            RopeTheta = 500_000,
            TieWordEmbeddings = false,
            InitializerRange = 0.01f,
            Initialization = "fan_in",
        };
        string path = _folder.Write("config.json", ConfigJson.Write(config, new(5, 5)));
        Assert.Equal(config, ConfigJson.Read(path));
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal("LlamaForCausalLM", (string?)json["architectures"]![0]);
        Assert.Equal(5, (int?)json["eos_token_id"]);
        Assert.Equal(1e-6, (double?)json["rms_norm_eps"]);
    }

    [Fact]
    public void What_a_config_leaves_out_has_the_value_its_authors_gave_it()
    {
        var config = (LlamaConfig)ConfigJson.Read(_folder.Write("config.json", Json()));
        Assert.Equal(
            (2048, 1e-6f, 10_000.0, false),
            (config.MaxPositionEmbeddings, config.RmsNormEps, config.RopeTheta, config.TieWordEmbeddings));
        Assert.Equal(4, config.KeyValueHeads);
    }

    [Fact]
    public void Theta_is_also_read_where_newer_files_keep_it() =>
        Assert.Equal(7777, ((LlamaConfig)ConfigJson.Read(_folder.Write("config.json", Json("\"rope_parameters\": {\"rope_theta\": 7777}")))).RopeTheta);

    [Theory]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}", "rope_scaling")]
    [InlineData("\"attention_bias\": true", "attention_bias")]
    [InlineData("\"mlp_bias\": true", "mlp_bias")]
    [InlineData("\"hidden_act\": \"gelu\"", "gelu")]
    [InlineData("\"model_type\": \"mamba\"", "mamba")]
    [InlineData("\"hidden_size\": \"wide\"", "config.json")]
    [InlineData("\"hidden_size\": 1e300", "config.json")]
    [InlineData("\"hidden_size\": 9007199254740993", "config.json")]
    [InlineData("\"hidden_size\": [1]", "config.json")]
    [InlineData("\"hidden_size\": null", "hidden_size")]
    [InlineData("\"hidden_size\": -4", "hidden_size -4")]
    [InlineData("\"vocab_size\": 2147483647", "too large")]
    [InlineData("\"num_hidden_layers\": 2147483647", "too large")]
    [InlineData("\"cria\": 7", "config.json")]
    public void What_cannot_be_read_is_refused_in_a_sentence(string line, string said)
    {
        string path = _folder.Write("config.json", Json(line));
        Refused(said, () => ConfigJson.Read(path));
    }

    [Theory]
    [InlineData(""), InlineData("[]"), InlineData("null"), InlineData("7"), InlineData("{"), InlineData("\0\u0001")]
    [InlineData("{\"model_type\": \"\\ud800\"}"), InlineData("{\"\\udc00\": 1}"), InlineData("{\"hidden_size\": 1, \"hidden_size\": 1}")]
    public void What_is_no_config_is_refused_in_a_sentence(string text)
    {
        string path = _folder.Write("config.json", text);
        Refused("config.json", () => ConfigJson.Read(path));
    }

    [Fact]
    public void Sizes_that_do_not_fit_each_other_are_refused_with_the_file()
    {
        string path = _folder.Write("config.json", Json("\"num_attention_heads\": 5"));
        Refused(path, () => ConfigJson.Read(path));
    }

    internal static void Refused(string said, Action read)
    {
        Exception e = Assert.ThrowsAny<Exception>(read);
        Assert.True(e is CheckpointException or ConfigException, e.ToString());
        Assert.Contains(said, e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    // A later key wins, so that a line of a test replaces ours.
    static string Json(string line = "\"hidden_act\": \"silu\"")
    {
        JsonObject json = JsonNode.Parse("""
            {"model_type": "llama", "vocab_size": 100, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4}
            """)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse("{" + line + "}")!.AsObject())
            json[key] = value?.DeepClone();
        return json.ToJsonString();
    }
}
