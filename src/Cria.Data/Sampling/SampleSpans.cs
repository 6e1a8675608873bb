namespace Cria.Data.Sampling;

/// <summary>The door of every <see cref="ISampleReader.Read"/>.</summary>
static class SampleSpans
{
    public static void Check(
        int sequenceLength, long firstSample, int count, ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets, ReadOnlySpan<int> starts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        long rows = (long)count * sequenceLength;
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Length, rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(targets.Length, rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(starts.Length, rows);
    }
}
