using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

/// <summary>What a reader gives for a run of samples.</summary>
sealed record Samples(int[] Tokens, int[] Targets, int[] Starts)
{
    public static Samples Of(ISampleReader reader, long first, int count)
    {
        int rows = count * reader.SequenceLength;
        var (tokens, targets, starts) = (new int[rows], new int[rows], new int[rows]);
        int segments = reader.Read(first, count, tokens, targets, starts);
        return new(tokens, targets, starts[..segments]);
    }

    public string Text => $"{string.Join(' ', Tokens)} | {string.Join(' ', Targets)} | {string.Join(' ', Starts)}";
}
