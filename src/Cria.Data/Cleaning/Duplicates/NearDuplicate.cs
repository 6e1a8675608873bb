namespace Cria.Data.Cleaning.Duplicates;

/// <summary>Why a document is dropped: one kept before it is nearly the same.</summary>
/// <param name="Original">The kept document: its number, from 0, in the order of the corpus.</param>
/// <param name="OriginalPlace">Where it stands, as the finder was told.</param>
/// <param name="Jaccard">The share of the two documents' different shingles that both have.</param>
public sealed record NearDuplicate(int Original, string OriginalPlace, double Jaccard);

/// <summary>A document and what was decided.</summary>
/// <param name="Document">The document as it was given.</param>
/// <param name="Number">Its number, from 0, in the order of the corpus.</param>
/// <param name="Duplicate">Null: it is kept.</param>
public readonly record struct Judged<T>(T Document, int Number, NearDuplicate? Duplicate);

/// <summary>What a search for near-duplicates met.</summary>
public sealed class NearDuplicateCounts
{
    /// <summary>Documents read.</summary>
    public long Documents { get; internal set; }

    /// <summary>Documents without a word, which are never near-duplicates.</summary>
    public long WithoutWords { get; internal set; }

    /// <summary>Candidate pairs that share a band.</summary>
    public long Candidates { get; internal set; }

    /// <summary>Candidate pairs whose Jaccard index was computed: those whose earlier document was kept.</summary>
    public long Verified { get; internal set; }

    /// <summary>Verified pairs at or above the threshold.</summary>
    public long Confirmed { get; internal set; }

    /// <summary>Documents dropped.</summary>
    public long Dropped { get; internal set; }

    /// <summary>Bytes that went to temporary files.</summary>
    public long SpilledBytes { get; internal set; }
}
