namespace Cria.Data.Sampling;

/// <summary>
/// Training samples by number: sample <c>i</c> is a pure function of (seed, i, the data's manifest hash), whoever asks, in
/// whatever order, after however many resumptions and on however many ranks. Several threads may read at once.
/// </summary>
/// <remarks>docs/sampling.md says which reader is for what; <see cref="SampleReaders"/> has them by name.</remarks>
public interface ISampleReader
{
    /// <summary>The target of a row that has none: no loss is taken there.</summary>
    const int NoTarget = -1;

    /// <summary>Stands for all the data that is read: 64 lower-case hexadecimal digits.</summary>
    string ManifestHash { get; }

    /// <summary>Rows of a sample (T).</summary>
    int SequenceLength { get; }

    /// <summary>Samples after which the data has been read once; where samples are drawn with replacement, as many as
    /// hold as many tokens.</summary>
    long SamplesPerEpoch { get; }

    /// <summary>The share of an epoch's rows that have a target; the rest only fills sequences up.</summary>
    double Utilization { get; }

    /// <summary>Rows with a target in samples [<paramref name="firstSample"/>, + <paramref name="count"/>): what their loss
    /// is divided by, known before any of them is read.</summary>
    long CountTargets(long firstSample, long count);

    /// <summary>Fills samples [<paramref name="firstSample"/>, + <paramref name="count"/>) without allocating.</summary>
    /// <param name="firstSample">The global number of the first sample, from 0, not reset by epochs.</param>
    /// <param name="count">How many samples (B).</param>
    /// <param name="tokens">Receives the inputs, (B, T).</param>
    /// <param name="targets">Receives the token after each input or <see cref="NoTarget"/>, (B, T).</param>
    /// <param name="starts">Receives the rows, counted through the batch, at which segments begin: what attends to
    /// itself only and counts its positions from 0. Room for B · T; the first is always 0.</param>
    /// <returns>How many segments there are.</returns>
    /// <exception cref="DataException">The data cannot be read any more.</exception>
    int Read(long firstSample, int count, Span<int> tokens, Span<int> targets, Span<int> starts);
}
