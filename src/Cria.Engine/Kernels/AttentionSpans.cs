using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>Sizes of one attention: N query heads, K key-value heads (N a multiple of K), D numbers a head.</summary>
public readonly record struct AttentionShape(int NumHeads, int NumKeyValueHeads, int HeadDim, float Scale, bool Causal = true)
{
    public int QueriesPerKey => NumHeads / NumKeyValueHeads;
}

/// <summary>
/// Which rows see which. Segment s (a document, or one sequence that is being decoded) has the query rows
/// <c>Starts[s] .. Starts[s + 1]</c>; unused entries of the table repeat the end, and make empty segments.
/// </summary>
/// <remarks>
/// Without a cache the keys are the same rows. With one, the keys of segment s begin at row <c>KeyStarts[s]</c> of the
/// cache, <c>PastLengths[s]</c> of them are from earlier steps, and this step's rows follow.
/// </remarks>
public readonly struct AttentionSpans(Tensor starts, Tensor keyStarts = default, Tensor pastLengths = default)
{
    /// <summary>I32 (segments + 1)</summary>
    public Tensor Starts => starts;

    /// <summary>I32 (segments), or nothing</summary>
    public Tensor KeyStarts => keyStarts;

    /// <summary>I32 (segments), or nothing</summary>
    public Tensor PastLengths => pastLengths;

    /// <summary>Which probabilities are dropped, in training.</summary>
    public DropoutMask Dropout { get; init; }

    public bool HasCache => !keyStarts.IsNothing;

    public int Segments => (int)starts.Length - 1;

    /// <summary>Segment s in host memory: its query rows, and its keys' first row and number.</summary>
    public Span this[int segment]
    {
        get
        {
            var starts = Starts.Span<int>();
            int first = starts[segment], count = starts[segment + 1] - first;
            return HasCache
                ? new(first, count, KeyStarts.Span<int>()[segment], PastLengths.Span<int>()[segment] + count)
                : new(first, count, first, count);
        }
    }

    /// <summary>Query i of a causal segment sees the first <c>KeyCount − QueryCount + i + 1</c> keys.</summary>
    public readonly record struct Span(int FirstQuery, int QueryCount, int FirstKey, int KeyCount);
}
