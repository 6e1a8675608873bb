using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Decoding;

/// <summary>
/// Runs one sequence token by token with a cache of keys and values. One plan serves prefill and decoding: a step uses
/// as many rows of the capacity as it has tokens.
/// </summary>
public sealed class Decoder : IDisposable
{
    readonly IKernels _kernels;
    readonly KvCache _cache;
    readonly Sequence _sequence;
    readonly Value _logits;
    readonly Plan _plan;
    readonly Arena _arena;

    /// <param name="model">The model, allocated.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="prefill">Tokens of a prompt that are read at once.</param>
    public Decoder(ILanguageModel model, IKernels kernels, int prefill = 64)
    {
        var config = model.Config;
        var device = model.Parameters.Device;
        _kernels = kernels;
        Capacity = config.MaxPositionEmbeddings;
        VocabSize = config.VocabSize;
        Prefill = Math.Min(prefill, Capacity);
        _cache = new(device, model.Parameters.DType, config.NumHiddenLayers, 1, Capacity, config.KeyValueColumns);
        var graph = new Graph(model.Parameters.DType);
        _sequence = new(graph, Prefill, 1, Capacity, _cache);
        _logits = graph.MatMul(model.Forward(graph, _sequence), model.Head); // (R, V)
        _plan = Plan.Forward(graph, device, _logits);
        _arena = new(device, _plan);
    }

    /// <summary>The longest sequence the cache holds.</summary>
    public int Capacity { get; }

    public int VocabSize { get; }

    public int Prefill { get; }

    /// <summary>Tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Appends tokens and gives the logits of each.</summary>
    /// <param name="ids">At least one token; with what is there, at most the capacity.</param>
    /// <param name="each">Receives (index in ids, logits (V)); the span is valid during the call.</param>
    public void Append(ReadOnlySpan<int> ids, Action<int, ReadOnlySpan<float>>? each = null)
    {
        if (Length + ids.Length > Capacity)
            throw new ArgumentException($"{Length} + {ids.Length} tokens exceed the context of {Capacity}");
        TokenIds.Check(ids, VocabSize);
        for (int start = 0; start < ids.Length; start += Prefill)
        {
            var part = ids.Slice(start, Math.Min(Prefill, ids.Length - start));
            _sequence.Fill(part, [0], [Length]);
            _plan.Forward(_kernels);
            Length += part.Length;
            LastRow = part.Length - 1;
            for (int row = 0; each is not null && row < part.Length; row++)
                each(start + row, Row(row));
        }
    }

    /// <summary>The logits after the last token, (V), in host memory; valid until the next call.</summary>
    public ReadOnlySpan<float> Logits => Row(LastRow);

    /// <summary>Forgets all tokens.</summary>
    public void Reset() => Length = 0;

    public void Dispose()
    {
        _arena.Dispose();
        _plan.Dispose();
        _cache.Dispose();
    }

    int LastRow { get; set; }

    Span<float> Row(int row) => _logits.Data.Span<float>().Slice(row * VocabSize, VocabSize);
}
