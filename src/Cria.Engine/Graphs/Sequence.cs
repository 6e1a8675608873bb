using System.Diagnostics.CodeAnalysis;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// The tokens of one step as a model sees them: R rows of ids and positions, cut into segments (documents, or sequences
/// that are being decoded), with an optional cache of earlier keys and values.
/// </summary>
public sealed class Sequence
{
    readonly int[] _starts, _keyStarts, _pastLengths, _positions;
    readonly Graph _graph;

    /// <param name="graph">The graph whose inputs these become.</param>
    /// <param name="rows">Capacity in tokens.</param>
    /// <param name="segments">Capacity in segments.</param>
    /// <param name="maxLength">The longest segment, for counting only.</param>
    /// <param name="cache">Where keys and values of earlier steps lie, when decoding.</param>
    public Sequence(Graph graph, int rows, int segments, int maxLength, KvCache? cache = null)
    {
        (_graph, Rows, Segments, MaxLength, Cache) = (graph, rows, segments, maxLength, cache);
        _starts = new int[segments + 1];
        _keyStarts = new int[segments];
        _pastLengths = new int[segments];
        _positions = new int[rows];
        Ids = graph.Input("ids", DType.I32, new Shape(rows, 1), followsExtent: true);
        Positions = graph.Input("positions", DType.I32, new Shape(rows, 1), followsExtent: true);
        Starts = graph.Input("starts", DType.I32, new Shape(segments + 1));
        if (cache is null)
            return;
        if (segments > cache.Sequences)
            throw new ArgumentException($"{segments} segments need as many sequences in the cache; it has {cache.Sequences}");
        KeyStarts = graph.Input("key_starts", DType.I32, new Shape(segments));
        PastLengths = graph.Input("past_lengths", DType.I32, new Shape(segments));
    }

    Sequence(Sequence other)
    {
        (_graph, _starts, _keyStarts, _pastLengths, _positions) =
            (other._graph, other._starts, other._keyStarts, other._pastLengths, other._positions);
        (Rows, Segments, MaxLength, Cache) = (other.Rows, other.Segments, other.MaxLength, other.Cache);
        (Ids, Positions, Starts, KeyStarts, PastLengths) = (other.Ids, other.Positions, other.Starts, other.KeyStarts, other.PastLengths);
    }

    public int Rows { get; }

    public int Segments { get; }

    public int MaxLength { get; }

    public KvCache? Cache { get; }

    /// <summary>Where dropout draws from, in training; null where nothing is dropped.</summary>
    public DropoutSource? Dropout { get; init; }

    /// <summary>The most keys a segment can have.</summary>
    public int LongestKeys => Cache?.Capacity ?? MaxLength;

    /// <summary>I32 (R, 1)</summary>
    public Value Ids { get; }

    /// <summary>I32 (R, 1): counted from the beginning of each segment, its past included.</summary>
    public Value Positions { get; }

    /// <summary>I32 (segments + 1)</summary>
    public Value Starts { get; }

    Value? KeyStarts { get; }

    Value? PastLengths { get; }

    public AttentionSpans Spans => Cache is null
        ? new(Starts.Data)
        : new(Starts.Data, KeyStarts!.Data, PastLengths!.Data);

    /// <summary>The same tokens, inputs and cache, for a model that drops nothing.</summary>
    public Sequence WithoutDropout() => new(this);

    /// <summary>This sequence is for training, and a share is to be dropped.</summary>
    [MemberNotNullWhen(true, nameof(Dropout))]
    public bool Drops(float rate) => rate > 0 && Dropout is not null;

    /// <summary>Fills the inputs of a step.</summary>
    /// <param name="ids">The step's tokens, at most the capacity.</param>
    /// <param name="starts">Where each segment begins in <paramref name="ids"/>, ascending from 0.</param>
    /// <param name="past">With a cache: how many earlier tokens each segment has there; none where it is left out.</param>
    public void Fill(ReadOnlySpan<int> ids, ReadOnlySpan<int> starts, ReadOnlySpan<int> past = default)
    {
        if (ids.Length > Rows || starts.Length > Segments)
            throw new ArgumentException(
                $"{ids.Length} tokens in {starts.Length} segments exceed the plan's {Rows} tokens in {Segments}");
        if (!past.IsEmpty && (Cache is null || past.Length < starts.Length || past.Length > Segments))
            throw new ArgumentException($"{past.Length} past lengths do not belong to {starts.Length} segments with a cache");
        starts.CopyTo(_starts);
        _starts.AsSpan(starts.Length).Fill(ids.Length);
        for (int s = 0; s < starts.Length; s++)
            for (int row = _starts[s]; row < _starts[s + 1]; row++)
                _positions[row] = row - _starts[s] + (past.IsEmpty ? 0 : past[s]);

        Ids.Data.Write(ids);
        Positions.Data.Write<int>(_positions.AsSpan(0, ids.Length));
        Starts.Data.Write<int>(_starts);
        _graph.Extent.Data.Write<int>([ids.Length]);
        if (Cache is not null)
            FillCache(Cache, past);
    }

    void FillCache(KvCache cache, ReadOnlySpan<int> past)
    {
        _pastLengths.AsSpan().Clear();
        past.CopyTo(_pastLengths);
        for (int s = 0; s < Segments; s++)
        {
            _keyStarts[s] = s * cache.Capacity;
            int length = _pastLengths[s] + _starts[s + 1] - _starts[s];
            if (length > cache.Capacity)
                throw new ArgumentException($"segment {s} grows to {length} tokens; its cache holds {cache.Capacity}");
        }
        KeyStarts!.Data.Write<int>(_keyStarts);
        PastLengths!.Data.Write<int>(_pastLengths);
    }
}
