namespace Cria.Data.Sampling;

/// <summary>Samples that are runs of the stream: T inputs from where an order says, and the tokens one further.</summary>
class WindowReader : ISampleReader
{
    readonly TokenRing _ring;
    readonly IWindowOrder _order;
    readonly int? _border;

    /// <param name="ring">The data.</param>
    /// <param name="order">Where samples begin.</param>
    /// <param name="sequenceLength">T</param>
    /// <param name="cutsDocuments">Whether a new segment begins at every EndOfText.</param>
    public WindowReader(TokenRing ring, IWindowOrder order, int sequenceLength, bool cutsDocuments)
    {
        (_ring, _order, SequenceLength) = (ring, order, sequenceLength);
        _border = cutsDocuments ? ring.Stream.EndOfText : null;
    }

    public string ManifestHash => _ring.Stream.ManifestHash;

    public int SequenceLength { get; }

    public long SamplesPerEpoch => _order.SamplesPerEpoch;

    public double Utilization => 1;

    public long CountTargets(long firstSample, long count) => count * SequenceLength;

    public int Read(long firstSample, int count, Span<int> tokens, Span<int> targets, Span<int> starts)
    {
        SampleSpans.Check(SequenceLength, firstSample, count, tokens, targets, starts);
        for (int i = 0; i < count; i++)
        {
            _ring.Read(_order.Position(firstSample + i), tokens.Slice(i * SequenceLength, SequenceLength),
                targets.Slice(i * SequenceLength, SequenceLength));
        }

        int segments = 0;
        for (int row = 0; row < tokens.Length; row++)
        {
            if (row % SequenceLength == 0 || tokens[row] == _border)
                starts[segments++] = row;
        }

        return segments;
    }
}

/// <summary>The same of windows side by side.</summary>
sealed class FixedWindowReader : WindowReader, IFixedWindows
{
    readonly WindowsOrder _order;

    public FixedWindowReader(TokenRing ring, WindowsOrder order, int sequenceLength, bool cutsDocuments)
        : base(ring, order, sequenceLength, cutsDocuments) => _order = order;

    public long Window(long sample) => _order.Position(sample) / SequenceLength;

    public long Index(long sample) => _order.Index(sample);
}
