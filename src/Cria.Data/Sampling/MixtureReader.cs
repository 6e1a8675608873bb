using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cria.Data.Sampling;

/// <summary>
/// Samples of several sources in the proportions of their weights. Each source keeps its own order, epochs included, as if
/// it were read alone; a small source with a large weight begins its next epoch while others are in their first.
/// </summary>
public sealed class MixtureReader : ISampleReader
{
    /// <summary>The most sources.</summary>
    public const int MaxSources = 1000;

    readonly ISampleReader[] _sources;
    readonly MixtureSchedule _schedule;

    /// <param name="sources">Readers of the same sequence length.</param>
    /// <param name="weights">Of each; only their proportions count.</param>
    /// <param name="seed">Of the order in which sources take turns.</param>
    /// <exception cref="DataException">No source, one twice, or a weight that is none.</exception>
    public MixtureReader(IReadOnlyList<ISampleReader> sources, IReadOnlyList<double> weights, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Count, sources.Count);
        if (sources.Count is < 1 or > MaxSources)
            throw new DataException($"a mixture of {sources.Count} sources cannot be read; it has 1 to {MaxSources}.");
        foreach (double weight in weights)
        {
            if (!(weight > 0 && double.IsFinite(weight)))
                throw new DataException(string.Create(CultureInfo.InvariantCulture, $"a mixture's weight {weight} is not above 0; leave the source out."));
        }

        if (sources.Select(source => source.ManifestHash).Distinct().Count() < sources.Count)
            throw new DataException("a mixture names the same data twice, which would repeat its samples; name it once with the sum of the weights.");
        SequenceLength = sources[0].SequenceLength;
        foreach (ISampleReader source in sources)
            ArgumentOutOfRangeException.ThrowIfNotEqual(source.SequenceLength, SequenceLength);

        _sources = [.. sources];
        string all = string.Concat(sources.Select(source => source.ManifestHash + "\n"));
        ManifestHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(all)));
        _schedule = new MixtureSchedule(weights, KeyedHash.Combine(seed, KeyedHash.OfHex(ManifestHash)));
    }

    /// <inheritdoc/>
    public string ManifestHash { get; }

    /// <inheritdoc/>
    public int SequenceLength { get; }

    /// <summary>The samples of one epoch of every source; the mixture reads some less often and some more.</summary>
    public long SamplesPerEpoch => _sources.Sum(source => source.SamplesPerEpoch);

    /// <inheritdoc/>
    public double Utilization => _sources.Select((source, index) => source.Utilization * Share(index)).Sum();

    /// <summary>The share of the samples that come from a source: its weight, over the sum of all.</summary>
    public double Share(int source) => (double)_schedule.Count(source) / _schedule.Block;

    /// <summary>Which sample of which source a sample is.</summary>
    public (int Source, long Sample) Pick(long sample) => _schedule.Pick(sample);

    /// <inheritdoc/>
    public long CountTargets(long firstSample, long count)
    {
        long rows = 0;
        for (long sample = firstSample; sample < firstSample + count; sample++)
        {
            (int source, long own) = Pick(sample);
            rows += _sources[source].CountTargets(own, 1);
        }

        return rows;
    }

    /// <inheritdoc/>
    public int Read(long firstSample, int count, Span<int> tokens, Span<int> targets, Span<int> starts)
    {
        SampleSpans.Check(SequenceLength, firstSample, count, tokens, targets, starts);
        int segments = 0;
        for (int i = 0; i < count; i++)
        {
            (int source, long own) = Pick(firstSample + i);
            int row = i * SequenceLength;
            Span<int> mine = starts[segments..];
            int found = _sources[source].Read(
                own, 1, tokens.Slice(row, SequenceLength), targets.Slice(row, SequenceLength), mine);
            foreach (ref int start in mine[..found])
                start += row;
            segments += found;
        }

        return segments;
    }
}
