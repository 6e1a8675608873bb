using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>Sizes of a Llama. Touvron et al. 2023; grouped queries: Ainslie et al. 2023.</summary>
public sealed record LlamaConfig : ModelConfig
{
    public override string ModelType => "llama";

    /// <summary>N</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>K; 0 means as many as N.</summary>
    public int NumKeyValueHeads { get; init; }

    /// <summary>D; 0 means H / N.</summary>
    public int HeadDim { get; init; }

    /// <summary>I</summary>
    public required int IntermediateSize { get; init; }

    public float RmsNormEps { get; init; } = 1e-5f;

    public double RopeTheta { get; init; } = 10_000;

    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>
    /// The token that only fills up: its embedding starts as zeros and gets no gradient where it is read. Null means none.
    /// </summary>
    public int? PadTokenId { get; init; }

    /// <summary>The share of attention's probabilities that training drops.</summary>
    public float AttentionDropout { get; init; }

    /// <summary>Of the numbers that attention and MLP add to the residual stream.</summary>
    public float ResidualDropout { get; init; }

    public int KeyValueHeads => NumKeyValueHeads == 0 ? NumAttentionHeads : NumKeyValueHeads;

    public int HeadSize => HeadDim == 0 ? HiddenSize / NumAttentionHeads : HeadDim;

    public override int RotaryColumns => HeadSize;

    public override int KeyValueColumns => KeyValueHeads * HeadSize;

    public override int AttentionColumns => NumAttentionHeads * HeadSize;

    public override int MlpColumns => IntermediateSize;

    public override long MatMulWeights =>
        NumHiddenLayers * ((long)HiddenSize * (2 * AttentionColumns + 2 * KeyValueColumns) + 3L * HiddenSize * IntermediateSize)
        + (long)VocabSize * HiddenSize;

    public override void Validate()
    {
        int h = HiddenSize, n = NumAttentionHeads, k = KeyValueHeads;
        if (VocabSize < 1 || h < 1 || n < 1 || k < 1 || NumHiddenLayers < 1 || IntermediateSize < 1 || MaxPositionEmbeddings < 1)
            throw new ConfigException($"every size of a model is at least 1; this one has vocab_size {VocabSize}, hidden_size {h}, " +
                $"num_hidden_layers {NumHiddenLayers}, num_attention_heads {n}, intermediate_size {IntermediateSize}, " +
                $"max_position_embeddings {MaxPositionEmbeddings}.");
        if (HeadDim < 0 || RmsNormEps is not > 0 || !(RopeTheta > 0) || !(InitializerRange >= 0))
            throw new ConfigException($"head_dim {HeadDim} must be 0 or more, rms_norm_eps {RmsNormEps} and rope_theta {RopeTheta} " +
                $"above 0, initializer_range {InitializerRange} 0 or more.");
        if (HeadDim == 0 && h % n != 0)
            throw new ConfigException(
                $"hidden_size {h} is not a multiple of num_attention_heads {n}; the nearest is {Math.Max(1, h / n) * n}.");
        if (n % k != 0)
            throw new ConfigException($"num_attention_heads {n} is not a multiple of num_key_value_heads {k}; use {n} or a divisor of it.");
        if (HeadSize % 2 != 0)
            throw new ConfigException($"head_dim {HeadSize} is odd; rotary positions turn pairs, so use {HeadSize + 1}.");
        if (PadTokenId is { } pad && (uint)pad >= (uint)VocabSize)
            throw new ConfigException($"pad_token_id {pad} is not in the vocabulary of {VocabSize}; it is 0 to {VocabSize - 1}, or null for none.");
        CheckDropout("attention_dropout", AttentionDropout);
        CheckDropout("residual_dropout", ResidualDropout);
        CheckSizes();
        _ = Models.Initialization.Of(this);
    }

    // A file may say anything; kernels count the numbers of a matrix in 32 bits.
    void CheckSizes()
    {
        long attention = (long)NumAttentionHeads * HeadSize, widest = Math.Max(attention, Math.Max(VocabSize, IntermediateSize));
        long largest = Math.Max(widest * HiddenSize, (long)MaxPositionEmbeddings * HeadSize);
        if (NumHiddenLayers > MaxLayers || widest > int.MaxValue || largest > int.MaxValue)
            throw new ConfigException($"vocab_size {VocabSize}, hidden_size {HiddenSize}, intermediate_size {IntermediateSize}, " +
                $"num_attention_heads {NumAttentionHeads} of {HeadSize}, max_position_embeddings {MaxPositionEmbeddings} and " +
                $"num_hidden_layers {NumHiddenLayers} are together too large; a matrix has at most {int.MaxValue:N0} numbers, a model {MaxLayers:N0} layers.");
        CheckRotaryTable(HeadSize);
    }
}

/// <summary>Llama: pre-norm blocks of grouped-query attention with rotary positions and SwiGLU, tied or untied head.</summary>
public sealed class Llama : ILanguageModel
{
    readonly LlamaConfig _config;
    readonly Parameter _embedding, _finalNorm;
    readonly LlamaBlock[] _blocks;
    readonly RopeTable _rope;

    public Llama(LlamaConfig config, IDevice device, DType type = DType.F32)
    {
        config.Validate();
        _config = config;
        Parameters = new(device, type);
        _rope = new(device, type, config.MaxPositionEmbeddings, config.HeadSize, config.RopeTheta);
        var start = Initialization.Of(config);
        var p = new ParameterScope(Parameters);
        var embedding = config.PadTokenId is { } pad
            ? new Initializer.WithZeroRow(start.Embedding, pad, config.HiddenSize)
            : start.Embedding;
        _embedding = p.Embedding("model.embed_tokens.weight", config.VocabSize, config.HiddenSize, embedding);
        _blocks = new LlamaBlock[config.NumHiddenLayers];
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
        var x = g.Embed(_embedding, s.Ids, _config.PadTokenId); // (R, H)
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

sealed class LlamaBlock(LlamaConfig config, int layer, ParameterScope p, Initialization start, RopeTable rope)
{
    readonly Parameter _attentionNorm = p.Ones("input_layernorm.weight", config.HiddenSize);
    readonly LlamaAttention _attention = new(config, layer, p.Inside("self_attn"), start, rope);
    readonly Parameter _mlpNorm = p.Ones("post_attention_layernorm.weight", config.HiddenSize);
    readonly LlamaMlp _mlp = new(config, p.Inside("mlp"), start);

    public Value Forward(Graph g, Value x, Sequence s) // (R, H)
    {
        var attended = _attention.Forward(g, g.RmsNorm(x, _attentionNorm, config.RmsNormEps), s);
        x = g.Add(x, g.Dropout(attended, config.ResidualDropout, s));
        var fed = _mlp.Forward(g, g.RmsNorm(x, _mlpNorm, config.RmsNormEps));
        return g.Add(x, g.Dropout(fed, config.ResidualDropout, s));
    }
}

sealed class LlamaAttention(LlamaConfig config, int layer, ParameterScope p, Initialization start, RopeTable rope)
{
    readonly Parameter _q = p.Matrix("q_proj.weight", config.AttentionColumns, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _k = p.Matrix("k_proj.weight", config.KeyValueColumns, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _v = p.Matrix("v_proj.weight", config.KeyValueColumns, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _o = p.Matrix("o_proj.weight", config.HiddenSize, config.AttentionColumns, start.Residual(config.AttentionColumns));
    readonly AttentionShape _shape =
        new(config.NumAttentionHeads, config.KeyValueHeads, config.HeadSize, 1 / MathF.Sqrt(config.HeadSize));

    public Value Forward(Graph g, Value x, Sequence s)
    {
        var q = g.Rope(g.MatMul(x, _q), s.Positions, rope); // (R, N·D)
        var k = g.Rope(g.MatMul(x, _k), s.Positions, rope); // (R, K·D)
        var v = g.MatMul(x, _v);
        if (s.Cache is { } cache)
            (k, v) = (g.CacheWrite(cache.Keys(layer), k, s), g.CacheWrite(cache.Values(layer), v, s));
        return g.MatMul(g.Attention(q, k, v, s, _shape, config.AttentionDropout), _o);
    }
}

sealed class LlamaMlp(LlamaConfig config, ParameterScope p, Initialization start)
{
    readonly Parameter _gate = p.Matrix("gate_proj.weight", config.IntermediateSize, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _up = p.Matrix("up_proj.weight", config.IntermediateSize, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _down = p.Matrix("down_proj.weight", config.HiddenSize, config.IntermediateSize, start.Residual(config.IntermediateSize));

    public Value Forward(Graph g, Value x) => // (R, H)
        g.MatMul(g.SwiGlu(g.MatMul(x, _gate), g.MatMul(x, _up)), _down);
}
