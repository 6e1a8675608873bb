namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>One after the other.</summary>
public sealed record NormalizerSequence(IReadOnlyList<INormalizer> Parts) : INormalizer
{
    /// <summary>Beyond every text; a damaged file's parts may multiply each other.</summary>
    internal const long Endless = 1L << 40;

    public string Normalize(string text) => Parts.Aggregate(text, (current, part) => part.Normalize(current));

    public long MaxBytes(long utf8Bytes) =>
        Parts.Aggregate(utf8Bytes, (bytes, part) => Math.Min(Endless, part.MaxBytes(bytes)));
}
