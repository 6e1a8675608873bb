using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>Sizes of a Qwen3. Yang et al. 2025, "Qwen3 technical report".</summary>
public sealed record Qwen3Config : ModelConfig
{
    public override string ModelType => "qwen3";

    /// <summary>N</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>K; 0 means as many as N.</summary>
    public int NumKeyValueHeads { get; init; }

    /// <summary>D, which need not be H / N.</summary>
    public required int HeadDim { get; init; }

    /// <summary>I</summary>
    public required int IntermediateSize { get; init; }

    public float RmsNormEps { get; init; } = 1e-6f;

    public double RopeTheta { get; init; } = 1_000_000;

    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>The share of attention's probabilities that training drops.</summary>
    public float AttentionDropout { get; init; }

    public int KeyValueHeads => NumKeyValueHeads == 0 ? NumAttentionHeads : NumKeyValueHeads;

    public override int RotaryColumns => HeadDim;

    public override int KeyValueColumns => KeyValueHeads * HeadDim;

    public override int AttentionColumns => NumAttentionHeads * HeadDim;

    public override int MlpColumns => IntermediateSize;

    public override long MatMulWeights =>
        NumHiddenLayers * ((long)HiddenSize * (2 * AttentionColumns + 2 * KeyValueColumns) + 3L * HiddenSize * IntermediateSize)
        + (long)VocabSize * HiddenSize;

    public override void Validate()
    {
        int h = HiddenSize, n = NumAttentionHeads, k = KeyValueHeads, d = HeadDim;
        if (VocabSize < 1 || h < 1 || n < 1 || k < 1 || d < 1 || NumHiddenLayers < 1 || IntermediateSize < 1 || MaxPositionEmbeddings < 1)
            throw new ConfigException($"every size of a model is at least 1; this one has vocab_size {VocabSize}, hidden_size {h}, " +
                $"num_hidden_layers {NumHiddenLayers}, num_attention_heads {n}, num_key_value_heads {NumKeyValueHeads}, head_dim {d}, " +
                $"intermediate_size {IntermediateSize}, max_position_embeddings {MaxPositionEmbeddings}.");
        if (RmsNormEps is not > 0 || !(RopeTheta > 0) || !(InitializerRange >= 0))
            throw new ConfigException($"rms_norm_eps {RmsNormEps} and rope_theta {RopeTheta} must be above 0, initializer_range " +
                $"{InitializerRange} 0 or more.");
        if (n % k != 0)
            throw new ConfigException($"num_attention_heads {n} is not a multiple of num_key_value_heads {k}; use {n} or a divisor of it.");
        if (d % 2 != 0)
            throw new ConfigException($"head_dim {d} is odd; rotary positions turn pairs, so use {d + 1L}.");
        CheckDropout("attention_dropout", AttentionDropout);
        CheckSizes();
        _ = Models.Initialization.Of(this);
    }

    // A file may say anything; kernels count the numbers of a matrix in 32 bits.
    void CheckSizes()
    {
        long widest = Math.Max((long)NumAttentionHeads * HeadDim, Math.Max(VocabSize, IntermediateSize));
        if (NumHiddenLayers > MaxLayers || widest > int.MaxValue || widest * HiddenSize > int.MaxValue)
            throw new ConfigException($"vocab_size {VocabSize}, hidden_size {HiddenSize}, intermediate_size {IntermediateSize}, " +
                $"num_attention_heads {NumAttentionHeads} of {HeadDim} and num_hidden_layers {NumHiddenLayers} are together too large; " +
                $"a matrix has at most {int.MaxValue:N0} numbers, a model {MaxLayers:N0} layers.");
        CheckRotaryTable(HeadDim);
    }
}

/// <summary>
/// Qwen3: pre-norm blocks of grouped-query attention and SwiGLU, where every head's query and key pass a norm of their own
/// before they are turned, which keeps scores bounded whatever the learning rate does to the weights.
/// </summary>
public sealed class Qwen3 : ILanguageModel
{
    readonly Qwen3Config _config;
    readonly Parameter _embedding, _finalNorm;
    readonly Qwen3Block[] _blocks;
    readonly RopeTable _rope;

    public Qwen3(Qwen3Config config, IDevice device, DType type = DType.F32)
    {
        config.Validate();
        _config = config;
        Parameters = new(device, type);
        _rope = new(device, type, config.MaxPositionEmbeddings, config.HeadDim, config.RopeTheta);
        var start = Initialization.Of(config);
        var p = new ParameterScope(Parameters);
        _embedding = p.Embedding("model.embed_tokens.weight", config.VocabSize, config.HiddenSize, start.Embedding);
        _blocks = new Qwen3Block[config.NumHiddenLayers];
        for (int layer = 0; layer < _blocks.Length; layer++)
            _blocks[layer] = new(config, layer, p.Inside($"model.layers.{layer}"), start, _rope);
        _finalNorm = p.Ones("model.norm.weight", config.HiddenSize);
        Head = config.TieWordEmbeddings
            ? _embedding
            : p.Head("lm_head.weight", config.VocabSize, config.HiddenSize, start.Linear(config.HiddenSize));
    }

    public ModelConfig Config => _config;

    public ParameterStore Parameters { get; }

    public Parameter Head { get; }

    public long TableBytes => _rope.Value.Data.SizeInBytes;

    public Value Forward(Graph g, Sequence s)
    {
        var x = g.Embed(_embedding, s.Ids); // (R, H)
        foreach (var block in _blocks)
            x = block.Forward(g, x, s);
        return g.RmsNorm(x, _finalNorm, _config.RmsNormEps);
    }

    public void Dispose()
    {
        _rope.Dispose();
        Parameters.Dispose();
    }
}

sealed class Qwen3Block(Qwen3Config config, int layer, ParameterScope p, Initialization start, RopeTable rope)
{
    readonly Parameter _attentionNorm = p.Ones("input_layernorm.weight", config.HiddenSize);
    readonly Qwen3Attention _attention = new(config, layer, p.Inside("self_attn"), start, rope);
    readonly Parameter _mlpNorm = p.Ones("post_attention_layernorm.weight", config.HiddenSize);
    readonly Qwen3Mlp _mlp = new(config, p.Inside("mlp"), start);

    public Value Forward(Graph g, Value x, Sequence s) // (R, H)
    {
        x = g.Add(x, _attention.Forward(g, g.RmsNorm(x, _attentionNorm, config.RmsNormEps), s));
        return g.Add(x, _mlp.Forward(g, g.RmsNorm(x, _mlpNorm, config.RmsNormEps)));
    }
}

sealed class Qwen3Attention(Qwen3Config config, int layer, ParameterScope p, Initialization start, RopeTable rope)
{
    readonly Parameter _q = p.Matrix("q_proj.weight", config.AttentionColumns, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _k = p.Matrix("k_proj.weight", config.KeyValueColumns, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _v = p.Matrix("v_proj.weight", config.KeyValueColumns, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _o = p.Matrix("o_proj.weight", config.HiddenSize, config.AttentionColumns, start.Residual(config.AttentionColumns));
    readonly Parameter _qNorm = p.Ones("q_norm.weight", config.HeadDim); // one for all heads
    readonly Parameter _kNorm = p.Ones("k_norm.weight", config.HeadDim);
    readonly AttentionShape _shape =
        new(config.NumAttentionHeads, config.KeyValueHeads, config.HeadDim, 1 / MathF.Sqrt(config.HeadDim));

    public Value Forward(Graph g, Value x, Sequence s)
    {
        var q = g.Rope(g.RmsNorm(g.MatMul(x, _q), _qNorm, config.RmsNormEps, config.NumAttentionHeads), s.Positions, rope); // (R, N·D)
        var k = g.Rope(g.RmsNorm(g.MatMul(x, _k), _kNorm, config.RmsNormEps, config.KeyValueHeads), s.Positions, rope); // (R, K·D)
        var v = g.MatMul(x, _v);
        if (s.Cache is { } cache)
            (k, v) = (g.CacheWrite(cache.Keys(layer), k, s), g.CacheWrite(cache.Values(layer), v, s));
        return g.MatMul(g.Attention(q, k, v, s, _shape, config.AttentionDropout), _o);
    }
}

sealed class Qwen3Mlp(Qwen3Config config, ParameterScope p, Initialization start)
{
    readonly Parameter _gate = p.Matrix("gate_proj.weight", config.IntermediateSize, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _up = p.Matrix("up_proj.weight", config.IntermediateSize, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _down = p.Matrix("down_proj.weight", config.HiddenSize, config.IntermediateSize, start.Residual(config.IntermediateSize));

    public Value Forward(Graph g, Value x) => // (R, H)
        g.MatMul(g.SwiGlu(g.MatMul(x, _gate), g.MatMul(x, _up)), _down);
}
