using System.Text;

namespace Cria.Data.Cleaning;

/// <summary>
/// Which documents are kept for validation: decided by the text alone (or by the document's group), so that a document
/// falls on the same side wherever it stands, whatever is added to the corpus, and equal documents never fall on both.
/// </summary>
public sealed record CorpusSplit
{
    /// <summary>The part of the documents that goes to validation, from 0 to 1. A small corpus may miss it
    /// widely.</summary>
    public double ValidationFraction { get; init; } = 0.01;

    /// <summary>Another seed is another split.</summary>
    public ulong Seed { get; init; }

    /// <summary>The side of a document: of its group where it has one, so that an author is held out as a whole or not
    /// at all, else of its text.</summary>
    internal bool IsValidation(string? group, UInt128 hash) =>
        IsValidation(group is null ? hash : KeyedHash.OfBytes(Encoding.UTF8.GetBytes(group)));

    /// <summary>The side of a document with this hash (<see cref="CleanDocument.Hash"/>).</summary>
    public bool IsValidation(UInt128 hash)
    {
        ulong mixed = KeyedHash.Combine(KeyedHash.Combine(Seed, (ulong)hash), (ulong)(hash >> 64));
        return (mixed >> 11) * (1.0 / (1UL << 53)) < ValidationFraction; // 53 bits: exact in a double
    }
}
