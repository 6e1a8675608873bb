using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.HuggingFace;

/// <summary>config.json in the words of many hands: what different programs and years call the same thing, and what is refused.</summary>
public sealed class ConfigWordsTests : IDisposable
{
    const string Llama = """
        {"model_type": "llama", "vocab_size": 100, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
        """;

    const string Qwen3 = """
        {"model_type": "qwen3", "vocab_size": 100, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 512}
        """;

    const string Gpt2 = """{"model_type": "gpt2", "vocab_size": 100, "n_embd": 32, "n_layer": 2, "n_head": 4}""";

    const string GptJ = """{"model_type": "gptj", "vocab_size": 100, "n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 4}""";

    static readonly ModelConfig[] All =
    [
        new GptJConfig
        {
            VocabSize = 90,
            HiddenSize = 24,
            NumHiddenLayers = 2,
            NumAttentionHeads = 2,
            IntermediateSize = 50,
            MaxPositionEmbeddings = 33,
            RotaryDim = 6,
            LayerNormEps = 1e-6f,
            TieWordEmbeddings = true,
            EmbeddingDropout = 0.1f,
            ResidualDropout = 0.2f,
            AttentionDropout = 0.3f,
            Initialization = "normal",
        },
        new Qwen3Config
        {
            VocabSize = 90,
            HiddenSize = 24,
            NumHiddenLayers = 2,
            NumAttentionHeads = 6,
            NumKeyValueHeads = 3,
            HeadDim = 10,
            IntermediateSize = 50,
            MaxPositionEmbeddings = 33,
            RmsNormEps = 1e-5f,
            RopeTheta = 12_345.5,
            TieWordEmbeddings = false,
            AttentionDropout = 0.1f,
            InitializerRange = 0.01f,
        },
        new LlamaConfig
        {
            VocabSize = 90,
            HiddenSize = 24,
            NumHiddenLayers = 2,
            NumAttentionHeads = 6,
            NumKeyValueHeads = 3,
            HeadDim = 10,
            IntermediateSize = 50,
            PadTokenId = 0,
            AttentionDropout = 0.1f,
            ResidualDropout = 0.2f,
        },
        new Gpt2Config
        {
            VocabSize = 90,
            HiddenSize = 24,
            NumHiddenLayers = 2,
            NumAttentionHeads = 6,
            HiddenAct = "gelu",
            ScaleAttnWeights = false,
            ScaleAttnByInverseLayerIdx = true,
            EmbeddingDropout = 0.1f,
            ResidualDropout = 0.2f,
            AttentionDropout = 0.3f,
            Bias = false,
        },
    ];

    readonly Folder _folder = new();

    public static TheoryData<string> Types => [.. All.Select(config => config.ModelType)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_architecture_written_and_read_is_the_same(string type)
    {
        var config = All.Single(config => config.ModelType == type);
        Assert.Equal(config, ConfigJson.Read(_folder.Write("config.json", ConfigJson.Write(config, new(1, 2, 0)))));
    }

    [Fact]
    public void Every_architecture_that_there_is_has_a_config() =>
        Assert.Equal(ModelCatalog.ConfigTypes.Keys.Order(), All.Select(c => c.ModelType).Order());

    [Fact]
    public void What_a_gptj_leaves_out_is_as_in_the_published_one()
    {
        var config = (GptJConfig)Read(GptJ);
        Assert.Equal((2048, 0, false, 0f, "normal"),
            (config.MaxPositionEmbeddings, config.IntermediateSize, config.TieWordEmbeddings, config.ResidualDropout,
                config.Initialization));
    }

    [Fact]
    public void A_gptj_without_rotary_dim_turns_64_columns_and_one_with_null_the_whole_head()
    {
        const string Silent = """{"model_type": "gptj", "vocab_size": 100, "n_embd": 256, "n_layer": 2, "n_head": 2}""";
        Assert.Equal(64, ((GptJConfig)Read(Silent)).TurnedColumns);
        Assert.Equal(128, ((GptJConfig)Read(Silent, "\"rotary_dim\": null")).TurnedColumns);
        Assert.Equal(6, ((GptJConfig)Read(Silent, "\"rotary_dim\": 6")).TurnedColumns);
    }

    [Fact]
    public void What_a_gpt2_leaves_out_is_as_in_the_published_one()
    {
        var config = (Gpt2Config)Read(Gpt2);
        Assert.Equal((1024, "gelu_new", 0.1f, 0.1f, 0.1f), (config.MaxPositionEmbeddings, config.HiddenAct, config.EmbeddingDropout, config.ResidualDropout, config.AttentionDropout));
    }

    [Theory]
    [InlineData(Gpt2, "\"n_ctx\": 77", "77")] // older than n_positions
    [InlineData(Gpt2, "\"n_ctx\": 77, \"n_positions\": 78", "78")]
    [InlineData(GptJ, "\"n_positions\": 79", "79")]
    [InlineData(Llama, "\"max_position_embeddings\": 80", "80")]
    public void The_context_goes_by_several_names(string json, string line, string said) =>
        Assert.Equal(said, Read(json, line).MaxPositionEmbeddings.ToString());

    [Theory]
    [InlineData("gelu_new", "gelu_new"), InlineData("gelu_pytorch_tanh", "gelu_new"), InlineData("gelu_fast", "gelu_new")]
    [InlineData("gelu", "gelu"), InlineData("gelu_python", "gelu")]
    public void The_two_gelus_go_by_several_names(string word, string ours) =>
        Assert.Equal(ours, ((Gpt2Config)Read(Gpt2, $"\"activation_function\": \"{word}\"")).HiddenAct);

    [Theory]
    [InlineData("\"rope_theta\": 777")]
    [InlineData("\"rope_parameters\": {\"rope_theta\": 777, \"rope_type\": \"default\"}")]
    [InlineData("\"rope_theta\": 777, \"rope_scaling\": null")]
    [InlineData("\"rope_theta\": 777, \"rope_scaling\": {\"rope_type\": \"default\"}")]
    [InlineData("\"rope_theta\": 1, \"rope_parameters\": {\"rope_theta\": 777.0}")]
    public void Theta_stands_where_the_program_of_its_year_kept_it(string line)
    {
        Assert.Equal(777, ((LlamaConfig)Read(Llama, line)).RopeTheta);
        Assert.Equal(777, ((Qwen3Config)Read(Qwen3, line)).RopeTheta);
    }

    [Theory]
    [InlineData("\"dtype\": \"bfloat16\""), InlineData("\"torch_dtype\": \"float16\""), InlineData("\"architectures\": [\"LlamaForCausalLM\"]")]
    [InlineData("\"pretraining_tp\": 1"), InlineData("\"use_cache\": true"), InlineData("\"transformers_version\": \"5.0.0\""), InlineData("\"hidden_act\": \"swish\"")]
    [InlineData("\"layer_types\": [\"full_attention\", \"full_attention\"]"), InlineData("\"sliding_window\": null"), InlineData("\"attention_bias\": false")]
    [InlineData("\"pad_token_id\": -1"), InlineData("\"eos_token_id\": [1, 2]")]
    public void What_changes_nothing_here_is_passed_over(string line) => Assert.Equal(Read(Llama), Read(Llama, line));

    [Theory]
    [InlineData("\"use_sliding_window\": false, \"sliding_window\": 4, \"max_window_layers\": 1")]
    [InlineData("\"use_sliding_window\": true, \"sliding_window\": 4, \"max_window_layers\": 2")] // no layer is above the second
    [InlineData("\"use_sliding_window\": true, \"sliding_window\": 512, \"max_window_layers\": 0")] // as long as the context
    [InlineData("\"layer_types\": [\"sliding_attention\", \"full_attention\"], \"sliding_window\": 4096")]
    public void A_sliding_window_that_never_cuts_is_passed_over(string line) => Assert.Equal(Read(Qwen3), Read(Qwen3, line));

    [Theory]
    [InlineData(Qwen3, "\"use_sliding_window\": true, \"sliding_window\": 4, \"max_window_layers\": 1", "sliding_window 4")]
    [InlineData(Qwen3, "\"layer_types\": [\"sliding_attention\", \"full_attention\"], \"sliding_window\": 4", "sliding_window 4")]
    [InlineData(Qwen3, "\"layer_types\": [\"full_attention\"]", "1 layer_types for 2 layers")]
    [InlineData(Qwen3, "\"layer_types\": [\"linear_attention\", \"full_attention\"]", "linear_attention")]
    [InlineData(Qwen3, "\"attention_bias\": true", "attention_bias")]
    [InlineData(Llama, "\"sliding_window\": 4", "sliding_window 4")]
    [InlineData(Llama, "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0}", "rope_scaling")]
    [InlineData(Llama, "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 32.0}", "llama3")]
    [InlineData(Llama, "\"rope_parameters\": {\"rope_type\": \"yarn\", \"rope_theta\": 1e4}", "yarn")]
    [InlineData(Llama, "\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 1e4}}", "layer to layer")]
    [InlineData(Llama, "\"rope_parameters\": {\"partial_rotary_factor\": 0.5}", "partial_rotary_factor 0.5")]
    [InlineData(Llama, "\"rope_scaling\": 7", "rope_scaling 7")]
    [InlineData(Llama, "\"hidden_act\": \"relu\"", "hidden_act 'relu'; what is known is silu, swish")]
    [InlineData(Llama, "\"quantization_config\": {\"quant_method\": \"gptq\"}", "gptq")]
    [InlineData(Llama, "\"tie_word_embeddings\": \"yes\"", "tie_word_embeddings \"yes\"")]
    [InlineData(Llama, "\"rms_norm_eps\": true", "rms_norm_eps true")]
    [InlineData(Llama, "\"rope_theta\": 1e999", "rope_theta")]
    [InlineData(Llama, "\"layer_types\": {}", "layer_types")]
    [InlineData(Llama, "\"cria\": {\"initialization\": \"magic\"}", "magic")]
    [InlineData(Llama, "\"hidden_size\": 32", "config.json")] // a key said twice
    [InlineData(GptJ, "\"activation_function\": \"gelu\"", "activation_function 'gelu'")]
    [InlineData(GptJ, "\"n_layer\": null, \"num_hidden_layers\": null", "no n_layer")]
    public void What_would_compute_something_else_is_refused_by_name(string json, string line, string said) =>
        ConfigJsonTests.Refused(said, () => ConfigJson.Read(_folder.Write("config.json", With(json, line, replace: said != "config.json"))));

    ModelConfig Read(string json, string? line = null) =>
        ConfigJson.Read(_folder.Write("config.json", line is null ? json : With(json, line, replace: true)));

    static string With(string json, string line, bool replace)
    {
        if (!replace)
            return json.TrimEnd()[..^1] + ", " + line + "}";
        var whole = JsonNode.Parse(json)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse("{" + line + "}")!.AsObject())
            whole[key] = value?.DeepClone();
        return whole.ToJsonString();
    }
}
