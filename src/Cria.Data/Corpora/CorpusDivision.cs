using Cria.Data.Cleaning;

namespace Cria.Data.Corpora;

/// <summary>
/// What is held out of training: documents here and there (<c>validation</c>: new text of known authors), and whole groups
/// (<c>held_out</c>: text of authors that were never read). A document's side depends on its text, its group and the seed alone.
/// </summary>
public sealed record CorpusDivision
{
    /// <summary>The share of documents that goes to <c>validation</c>, of those in no held-out group.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>The share of groups that goes to <c>held_out</c>.</summary>
    public double HeldOutFraction { get; init; }

    /// <summary>Groups that go to <c>held_out</c> by name.</summary>
    public string[] HeldOutGroups { get; init; } = [];

    /// <summary>Whether groups are held out, so that every source must say which its documents belong to; one that has none is not held
    /// out.</summary>
    public bool NeedsGroups => HeldOutFraction > 0 || HeldOutGroups.Length > 0;

    /// <summary>The names of the sets that there are, <c>train</c> first.</summary>
    public IReadOnlyList<string> Sets => (ValidationFraction > 0, NeedsGroups) switch
    {
        (false, false) => [CorpusSet.Train],
        (true, false) => [CorpusSet.Train, CorpusSet.Validation],
        (false, true) => [CorpusSet.Train, CorpusSet.HeldOut],
        (true, true) => [CorpusSet.Train, CorpusSet.Validation, CorpusSet.HeldOut],
    };

    internal void Check()
    {
        if (ValidationFraction is not (>= 0 and < 1) || HeldOutFraction is not (>= 0 and < 1))
            throw new DataException($"split has the fractions {ValidationFraction} and {HeldOutFraction}; give numbers from 0 to less than 1.");
    }

    /// <summary>The set of a document.</summary>
    /// <param name="hash"><see cref="CleanDocument.Hash"/> of its text.</param>
    internal string SetOf(UInt128 hash, string? group, ulong seed)
    {
        if (group is not null && (Array.IndexOf(HeldOutGroups, group) >= 0 || IsHeldOut(group, seed)))
            return CorpusSet.HeldOut;
        var split = new CorpusSplit { ValidationFraction = ValidationFraction, Seed = seed };
        return split.IsValidation(hash) ? CorpusSet.Validation : CorpusSet.Train;
    }

    bool IsHeldOut(string group, ulong seed) => HeldOutFraction > 0
        && new CorpusSplit { ValidationFraction = HeldOutFraction, Seed = seed }.IsValidation(CleanDocument.Measure(group).Hash);
}

/// <summary>The names of a corpus's parts, of their files and of their shards.</summary>
public static class CorpusSet
{
    public const string Train = "train", Validation = "validation", HeldOut = "held_out";

    /// <summary>The file of a part's text.</summary>
    public static string TextFile(string set) => set + ".jsonl";
}
