using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>Sizes of a GPT-J. Wang and Komatsuzaki 2021.</summary>
public sealed record GptJConfig : ModelConfig
{
    /// <summary>Starts as the published ones do, <c>normal</c>, where nothing is divided by the depth.</summary>
    public GptJConfig() => Initialization = "normal";

    public override string ModelType => "gptj";

    /// <summary>N</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>I; 0 means 4 · H.</summary>
    public int IntermediateSize { get; init; }

    /// <summary>P: so many columns of every head are turned by their position; 0 means all D.</summary>
    public int RotaryDim { get; init; } = 64;

    public float LayerNormEps { get; init; } = 1e-5f;

    /// <summary>The head has the embedding's weights. Its bias is its own either way.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>The share of the embedding's numbers that training drops.</summary>
    public float EmbeddingDropout { get; init; }

    /// <summary>Of the numbers that attention and MLP add to the residual stream.</summary>
    public float ResidualDropout { get; init; }

    /// <summary>Of attention's probabilities.</summary>
    public float AttentionDropout { get; init; }

    public int HeadSize => HiddenSize / NumAttentionHeads;

    public int TurnedColumns => RotaryDim == 0 ? HeadSize : RotaryDim;

    public override int RotaryColumns => TurnedColumns;

    public override int KeyValueColumns => HiddenSize;

    public override int AttentionColumns => HiddenSize;

    public override int MlpColumns => IntermediateSize == 0 ? 4 * HiddenSize : IntermediateSize;

    public override long MatMulWeights =>
        NumHiddenLayers * (4L * HiddenSize * HiddenSize + 2L * HiddenSize * MlpColumns) + (long)VocabSize * HiddenSize;

    public override void Validate()
    {
        int h = HiddenSize, n = NumAttentionHeads;
        if (VocabSize < 1 || h < 1 || n < 1 || NumHiddenLayers < 1 || IntermediateSize < 0 || MaxPositionEmbeddings < 1)
            throw new ConfigException($"every size of a model is at least 1; this one has vocab_size {VocabSize}, hidden_size {h}, " +
                $"num_hidden_layers {NumHiddenLayers}, num_attention_heads {n}, intermediate_size {IntermediateSize} (0 means 4 · {h}), " +
                $"max_position_embeddings {MaxPositionEmbeddings}.");
        if (LayerNormEps is not > 0 || !(InitializerRange >= 0))
            throw new ConfigException($"layer_norm_eps {LayerNormEps} must be above 0, initializer_range {InitializerRange} 0 or more.");
        if (h % n != 0)
            throw new ConfigException(
                $"hidden_size {h} is not a multiple of num_attention_heads {n}; the nearest is {Math.Max(1, h / n) * n}.");
        CheckRotaryDim();
        CheckDropout("embedding_dropout", EmbeddingDropout);
        CheckDropout("residual_dropout", ResidualDropout);
        CheckDropout("attention_dropout", AttentionDropout);
        CheckSizes();
        _ = Models.Initialization.Of(this);
    }

    void CheckRotaryDim()
    {
        if (RotaryDim >= 0 && TurnedColumns <= HeadSize && TurnedColumns % 2 == 0)
            return;
        int nearest = (RotaryDim <= 0 ? HeadSize : Math.Clamp(RotaryDim, Math.Min(2, HeadSize), HeadSize)) / 2 * 2;
        throw new ConfigException($"rotary_dim {RotaryDim} (0 means the whole head) must be even and at most the {HeadSize} columns " +
            "of a head; use " + (nearest > 0 ? $"{nearest}." : "fewer num_attention_heads."));
    }

    // A file may say anything; kernels count the numbers of a matrix in 32 bits.
    void CheckSizes()
    {
        long inner = IntermediateSize == 0 ? 4L * HiddenSize : IntermediateSize, tallest = Math.Max(inner, VocabSize);
        if (NumHiddenLayers > MaxLayers || tallest > int.MaxValue || tallest * HiddenSize > int.MaxValue)
            throw new ConfigException($"vocab_size {VocabSize}, hidden_size {HiddenSize}, intermediate_size {inner} and num_hidden_layers " +
                $"{NumHiddenLayers} are together too large; a matrix has at most {int.MaxValue:N0} numbers, a model {MaxLayers:N0} layers.");
        CheckRotaryTable(TurnedColumns);
    }
}

/// <summary>
/// GPT-J: attention and MLP read one LayerNorm of the residual stream and both add to it; rotary positions on a part of
/// every head, products of attention without biases, a head with one.
/// </summary>
public sealed class GptJ : ILanguageModel
{
    /// <summary>The base of the rotary wavelengths: the architecture has no other.</summary>
    const double RopeTheta = 10_000;

    readonly GptJConfig _config;
    readonly Parameter _embedding;
    readonly GptJBlock[] _blocks;
    readonly GptJNorm _finalNorm;
    readonly RopeTable _rope;

    public GptJ(GptJConfig config, IDevice device, DType type = DType.F32)
    {
        config.Validate();
        _config = config;
        Parameters = new(device, type);
        _rope = new(device, type, config.MaxPositionEmbeddings, config.HeadSize, RopeTheta, config.TurnedColumns);
        var start = Initialization.Of(config);
        var all = new ParameterScope(Parameters);
        var p = all.Inside("transformer");
        _embedding = p.Embedding("wte.weight", config.VocabSize, config.HiddenSize, start.Embedding);
        _blocks = new GptJBlock[config.NumHiddenLayers];
        for (int layer = 0; layer < _blocks.Length; layer++)
            _blocks[layer] = new(config, layer, p.Inside($"h.{layer}"), start, _rope);
        _finalNorm = new(config, p.Inside("ln_f"));
        Head = config.TieWordEmbeddings
            ? _embedding
            : all.Head("lm_head.weight", config.VocabSize, config.HiddenSize, start.Linear(config.HiddenSize));
        HeadBias = all.Zeros("lm_head.bias", config.VocabSize);
    }

    public ModelConfig Config => _config;

    public ParameterStore Parameters { get; }

    public Parameter Head { get; }

    public Parameter HeadBias { get; }

    public long TableBytes => _rope.Value.Data.SizeInBytes;

    /// <summary>In files the turned rows of queries and keys lie in pairs side by side.</summary>
    public IEnumerable<StoredTensor> StoredTensors =>
        from parameter in Parameters.Parameters
        let turns = parameter.Name.Contains(".q_proj.", StringComparison.Ordinal) || parameter.Name.Contains(".k_proj.", StringComparison.Ordinal)
        select new StoredTensor(parameter.Name, IsTransposed: false, parameter)
        {
            Pairs = turns ? new(_config.HeadSize, _config.TurnedColumns) : null,
        };

    public Value Forward(Graph g, Sequence s)
    {
        var x = g.Dropout(g.Embed(_embedding, s.Ids), _config.EmbeddingDropout, s); // (R, H)
        foreach (var block in _blocks)
            x = block.Forward(g, x, s);
        return _finalNorm.Forward(g, x);
    }

    public void Dispose()
    {
        _rope.Dispose();
        Parameters.Dispose();
    }
}

sealed class GptJBlock(GptJConfig config, int layer, ParameterScope p, Initialization start, RopeTable rope)
{
    readonly GptJNorm _norm = new(config, p.Inside("ln_1"));
    readonly GptJAttention _attention = new(config, layer, p.Inside("attn"), start, rope);
    readonly GptJMlp _mlp = new(config, p.Inside("mlp"), start);

    public Value Forward(Graph g, Value x, Sequence s) // (R, H)
    {
        var normed = _norm.Forward(g, x);
        x = _attention.AddTo(x, g, normed, s);
        return _mlp.AddTo(x, g, normed, s);
    }
}

sealed class GptJAttention(GptJConfig config, int layer, ParameterScope p, Initialization start, RopeTable rope)
{
    readonly Parameter _q = p.Matrix("q_proj.weight", config.HiddenSize, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _k = p.Matrix("k_proj.weight", config.HiddenSize, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _v = p.Matrix("v_proj.weight", config.HiddenSize, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _out = p.Matrix("out_proj.weight", config.HiddenSize, config.HiddenSize, start.Residual(config.HiddenSize));
    readonly AttentionShape _shape =
        new(config.NumAttentionHeads, config.NumAttentionHeads, config.HeadSize, 1 / MathF.Sqrt(config.HeadSize));

    public Value AddTo(Value residual, Graph g, Value x, Sequence s)
    {
        var q = g.Rope(g.MatMul(x, _q), s.Positions, rope); // (R, H)
        var k = g.Rope(g.MatMul(x, _k), s.Positions, rope);
        var v = g.MatMul(x, _v);
        if (s.Cache is { } cache)
            (k, v) = (g.CacheWrite(cache.Keys(layer), k, s), g.CacheWrite(cache.Values(layer), v, s));
        var mixed = g.Attention(q, k, v, s, _shape, config.AttentionDropout);
        return s.Drops(config.ResidualDropout)
            ? g.Add(residual, g.Dropout(g.MatMul(mixed, _out), config.ResidualDropout, s))
            : g.MatMul(mixed, _out, null, residual);
    }
}

sealed class GptJMlp(GptJConfig config, ParameterScope p, Initialization start)
{
    readonly Parameter _in = p.Matrix("fc_in.weight", config.MlpColumns, config.HiddenSize, start.Linear(config.HiddenSize));
    readonly Parameter _inBias = p.Zeros("fc_in.bias", config.MlpColumns);
    readonly Parameter _out = p.Matrix("fc_out.weight", config.HiddenSize, config.MlpColumns, start.Residual(config.MlpColumns));
    readonly Parameter _outBias = p.Zeros("fc_out.bias", config.HiddenSize);

    public Value AddTo(Value residual, Graph g, Value x, Sequence s) // (R, H)
    {
        var inner = g.Gelu(g.MatMul(x, _in, _inBias));
        return s.Drops(config.ResidualDropout)
            ? g.Add(residual, g.Dropout(g.MatMul(inner, _out, _outBias), config.ResidualDropout, s))
            : g.MatMul(inner, _out, _outBias, residual);
    }
}

sealed class GptJNorm(GptJConfig config, ParameterScope p)
{
    readonly Parameter _weight = p.Ones("weight", config.HiddenSize);
    readonly Parameter _bias = p.Zeros("bias", config.HiddenSize);

    public Value Forward(Graph g, Value x) => g.LayerNorm(x, _weight, _bias, config.LayerNormEps);
}
