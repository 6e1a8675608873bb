using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>Sizes of a GPT-2. Radford et al. 2019.</summary>
public sealed record Gpt2Config : ModelConfig
{
    public override string ModelType => "gpt2";

    /// <summary>N</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>I; 0 means 4 · H.</summary>
    public int IntermediateSize { get; init; }

    public float LayerNormEps { get; init; } = 1e-5f;

    /// <summary>Products and norms have biases; Inheritune's GPT-2 has none.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>gelu_new, GELU in its tanh form, or gelu, the exact one.</summary>
    public string HiddenAct { get; init; } = "gelu_new";

    /// <summary>Scores are divided by √D.</summary>
    public bool ScaleAttnWeights { get; init; } = true;

    /// <summary>Scores are also divided by the layer's number, counted from 1.</summary>
    public bool ScaleAttnByInverseLayerIdx { get; init; }

    /// <summary>The share of the embeddings' numbers that training drops.</summary>
    public float EmbeddingDropout { get; init; }

    /// <summary>Of the numbers that attention and MLP add to the residual stream.</summary>
    public float ResidualDropout { get; init; }

    /// <summary>Of attention's probabilities.</summary>
    public float AttentionDropout { get; init; }

    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>What scores are multiplied by in a layer, counted from 0.</summary>
    public float AttentionScale(int layer) =>
        (ScaleAttnWeights ? 1 / MathF.Sqrt(HeadSize) : 1) / (ScaleAttnByInverseLayerIdx ? layer + 1 : 1);

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
        if (HiddenAct is not ("gelu_new" or "gelu"))
            throw new ConfigException($"hidden_act '{HiddenAct}' is not GPT-2's; it is gelu_new (the tanh form) or gelu (the exact one).");
        CheckDropout("embedding_dropout", EmbeddingDropout);
        CheckDropout("residual_dropout", ResidualDropout);
        CheckDropout("attention_dropout", AttentionDropout);
        // A file may say anything; kernels count the numbers of a matrix in 32 bits.
        long inner = IntermediateSize == 0 ? 4L * h : IntermediateSize;
        long tallest = Math.Max(Math.Max(inner, 3L * h), Math.Max(VocabSize, MaxPositionEmbeddings));
        if (NumHiddenLayers > MaxLayers || tallest > int.MaxValue || tallest * h > int.MaxValue)
            throw new ConfigException($"vocab_size {VocabSize}, hidden_size {h}, intermediate_size {inner}, max_position_embeddings " +
                $"{MaxPositionEmbeddings} and num_hidden_layers {NumHiddenLayers} are together too large; a matrix has at most " +
                $"{int.MaxValue:N0} numbers, a model {MaxLayers:N0} layers.");
        _ = Models.Initialization.Of(this);
    }
}

/// <summary>GPT-2: learned positions, pre-norm blocks with LayerNorm, attention and a GELU MLP, tied head.</summary>
public sealed class Gpt2 : ILanguageModel
{
    readonly Gpt2Config _config;
    readonly Gpt2Block[] _blocks;
    readonly Gpt2Norm _finalNorm;

    public Gpt2(Gpt2Config config, IDevice device, DType type = DType.F32)
    {
        config.Validate();
        _config = config;
        Parameters = new(device, type);
        var start = Initialization.Of(config);
        var p = new ParameterScope(Parameters).Inside("transformer");
        Head = p.Embedding("wte.weight", config.VocabSize, config.HiddenSize, start.Embedding);
        PositionEmbedding = p.Embedding("wpe.weight", config.MaxPositionEmbeddings, config.HiddenSize, start.Embedding);
        _blocks = new Gpt2Block[config.NumHiddenLayers];
        for (int layer = 0; layer < _blocks.Length; layer++)
            _blocks[layer] = new(config, layer, p.Inside($"h.{layer}"), start);
        _finalNorm = new(config, p.Inside("ln_f"));
    }

    public ModelConfig Config => _config;

    public ParameterStore Parameters { get; }

    public Parameter Head { get; }

    public Parameter PositionEmbedding { get; }

    /// <summary>In files q, k and v are one, and the weights of products, GPT-2's "Conv1D", lie as (inputs, outputs).</summary>
    public IEnumerable<StoredTensor> StoredTensors =>
        from parameter in Parameters.Parameters
        group parameter by WithoutPart(parameter.Name) into parts
        let isProduct = parts.Key.Contains(".c_", StringComparison.Ordinal)
        select new StoredTensor(parts.Key, isProduct && parts.First().Shape.Rank == 2, [.. parts]);

    public Value Forward(Graph g, Sequence s)
    {
        var x = g.Add(g.Embed(Head, s.Ids), g.Embed(PositionEmbedding, s.Positions)); // (R, H)
        x = g.Dropout(x, _config.EmbeddingDropout, s);
        foreach (var block in _blocks)
            x = block.Forward(g, x, s);
        return _finalNorm.Forward(g, x);
    }

    public void Dispose() => Parameters.Dispose();

    /// <summary>c_attn.q.weight → c_attn.weight</summary>
    static string WithoutPart(string name)
    {
        int part = name.IndexOf(".c_attn.", StringComparison.Ordinal) + ".c_attn".Length;
        return part < ".c_attn".Length ? name : name.Remove(part, ".q".Length);
    }
}

sealed class Gpt2Block(Gpt2Config config, int layer, ParameterScope p, Initialization start)
{
    readonly Gpt2Norm _attentionNorm = new(config, p.Inside("ln_1"));
    readonly Gpt2Attention _attention = new(config, layer, p.Inside("attn"), start);
    readonly Gpt2Norm _mlpNorm = new(config, p.Inside("ln_2"));
    readonly Gpt2Mlp _mlp = new(config, p.Inside("mlp"), start);

    public Value Forward(Graph g, Value x, Sequence s) // (R, H)
    {
        x = _attention.Forward(g, _attentionNorm.Forward(g, x), x, s);
        return _mlp.Forward(g, _mlpNorm.Forward(g, x), x, s);
    }
}

sealed class Gpt2Attention(Gpt2Config config, int layer, ParameterScope p, Initialization start)
{
    readonly Gpt2Linear _q = new(config, p.Inside("c_attn.q"), config.HiddenSize, config.HiddenSize, start.Linear);
    readonly Gpt2Linear _k = new(config, p.Inside("c_attn.k"), config.HiddenSize, config.HiddenSize, start.Linear);
    readonly Gpt2Linear _v = new(config, p.Inside("c_attn.v"), config.HiddenSize, config.HiddenSize, start.Linear);
    readonly Gpt2Linear _projection = new(config, p.Inside("c_proj"), config.HiddenSize, config.HiddenSize, start.Residual);
    readonly AttentionShape _shape =
        new(config.NumAttentionHeads, config.NumAttentionHeads, config.HeadSize, config.AttentionScale(layer));

    public Value Forward(Graph g, Value x, Value residual, Sequence s)
    {
        var (q, k, v) = (_q.Forward(g, x), _k.Forward(g, x), _v.Forward(g, x)); // (R, H) each
        if (s.Cache is { } cache)
            (k, v) = (g.CacheWrite(cache.Keys(layer), k, s), g.CacheWrite(cache.Values(layer), v, s));
        return _projection.AddTo(residual, g, g.Attention(q, k, v, s, _shape, config.AttentionDropout), s);
    }
}

sealed class Gpt2Mlp(Gpt2Config config, ParameterScope p, Initialization start)
{
    readonly Gpt2Linear _up = new(config, p.Inside("c_fc"), config.MlpColumns, config.HiddenSize, start.Linear);
    readonly Gpt2Linear _down = new(config, p.Inside("c_proj"), config.HiddenSize, config.MlpColumns, start.Residual);

    public Value Forward(Graph g, Value x, Value residual, Sequence s) // (R, H)
    {
        var inner = _up.Forward(g, x);
        return _down.AddTo(residual, g, config.HiddenAct == "gelu" ? g.ErfGelu(inner) : g.Gelu(inner), s);
    }
}

/// <summary>A product with a bias, if the model has any.</summary>
sealed class Gpt2Linear(Gpt2Config config, ParameterScope p, int outputs, int inputs, Func<int, Initializer> start)
{
    readonly Parameter _weight = p.Matrix("weight", outputs, inputs, start(inputs));
    readonly Parameter? _bias = config.Bias ? p.Zeros("bias", outputs) : null;

    public Value Forward(Graph g, Value x) => g.MatMul(x, _weight, _bias);

    /// <summary>The residual stream and the product; with dropout the sum cannot be made within the product.</summary>
    public Value AddTo(Value residual, Graph g, Value x, Sequence s) => s.Drops(config.ResidualDropout)
        ? g.Add(residual, g.Dropout(Forward(g, x), config.ResidualDropout, s))
        : g.MatMul(x, _weight, _bias, residual);
}

sealed class Gpt2Norm(Gpt2Config config, ParameterScope p)
{
    readonly Parameter _weight = p.Ones("weight", config.HiddenSize);
    readonly Parameter? _bias = config.Bias ? p.Zeros("bias", config.HiddenSize) : null;

    public Value Forward(Graph g, Value x) => g.LayerNorm(x, _weight, _bias, config.LayerNormEps);
}
