using System.Globalization;
using System.Text.Json;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Duplicates;
using Cria.Data.Readers;

namespace Cria.Data.Corpora.Stages;

/// <summary>
/// The text is divided into what is trained on and what is held out. No text is on both sides: documents that have become equal since
/// they were read, as where a menu has gone, are one, and what is in a held-out group is nowhere else.
/// </summary>
public sealed class SplitStage(CorpusRecipe recipe) : ICorpusStage
{
    readonly CorpusDivision _division = recipe.Split;
    readonly bool _removesDuplicates = recipe.RemovesDuplicates;
    readonly ulong _seed = recipe.Seed;

    /// <inheritdoc/>
    public string Name => "split";

    /// <inheritdoc/>
    public IReadOnlyList<string> Outputs => [.. _division.Sets.Select(CorpusSet.TextFile)];

    /// <inheritdoc/>
    public string Key => $"{JsonSerializer.Serialize(_division, CorpusJson.Default.CorpusDivision)} {_seed} {_removesDuplicates}";

    /// <inheritdoc/>
    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        Dictionary<string, Part> parts = [];
        try
        {
            foreach (string set in _division.Sets)
                parts.Add(set, new Part(Path.Combine(folder, CorpusSet.TextFile(set))));
            ExactDuplicates heldOut = HeldOut(input, threads, cancellation), seen = new();
            CleaningCount held = new("documents removed that are held out too", removes: true);
            CleaningCount equal = new("documents removed that have become equal", removes: true), lone = new("documents without a group");
            StageSize before = new(0, 0);
            foreach ((Document document, Side side) in StageFile.Process(input, SideOf, threads, cancellation))
            {
                before = new StageSize(before.Documents + 1, before.Bytes + document.Utf8.Length);
                if (document.Group is null)
                    lone.Add(0, new CleaningExample(document.Place, "", ""));
                if (side.Set != CorpusSet.HeldOut && heldOut.Contains(side.Hash))
                    held.Add(document.Text.Length, new CleaningExample(document.Place, Excerpt.OfStart(document.Text), ""));
                else if (_removesDuplicates && !seen.Add(side.Hash))
                    equal.Add(document.Text.Length, new CleaningExample(document.Place, Excerpt.OfStart(document.Text), ""));
                else
                    parts[side.Set].Add(document, side.Words);
            }

            Check(parts);
            foreach (Part part in parts.Values)
                part.File.Complete();
            return new StageReport
            {
                Stage = Name,
                Before = before,
                After = new StageSize(parts.Values.Sum(part => part.File.Documents), parts.Values.Sum(part => part.File.Bytes)),
                Steps = [StageReport.Step(held), StageReport.Step(equal)],
                Facts = [.. Facts(parts)],
                Warnings = [.. Warnings(lone)],
            };
        }
        finally
        {
            foreach (Part part in parts.Values)
                part.File.Dispose();
        }
    }

    // A first reading, because a text may be held out that has been met before.
    ExactDuplicates HeldOut(string input, int threads, CancellationToken cancellation)
    {
        var texts = new ExactDuplicates();
        if (!_division.NeedsGroups)
            return texts;
        foreach ((_, Side side) in StageFile.Process(input, document => SideOf(document, words: 0), threads, cancellation))
        {
            if (side.Set == CorpusSet.HeldOut)
                texts.Add(side.Hash);
        }

        return texts;
    }

    Side SideOf(Document document) => SideOf(document, Words(document.Text));

    Side SideOf(Document document, int words)
    {
        UInt128 hash = KeyedHash.OfBytes(document.Utf8.Span);
        return new Side(_division.SetOf(hash, document.Group, _seed), hash, words);
    }

    IEnumerable<string> Warnings(CleaningCount lone)
    {
        if (_division.NeedsGroups && lone.Documents > 0)
        {
            yield return $"{lone.Documents} documents say of no group that they belong to it, the first {lone.Examples[0].Place}; " +
                "they are not held out, whoever wrote them.";
        }
    }

    void Check(Dictionary<string, Part> parts)
    {
        if (Array.Find(_division.HeldOutGroups, group => !parts[CorpusSet.HeldOut].Groups.ContainsKey(group)) is { } absent)
        {
            IEnumerable<string> known = parts.Values.SelectMany(part => part.Groups.Keys).Distinct().Order(StringComparer.Ordinal);
            throw new DataException($"split.held_out_groups names \"{absent}\", and no document has that group; there are {string.Join(", ", known.Take(12))} …");
        }

        foreach ((string set, Part part) in parts)
        {
            if (part.File.Documents == 0)
                throw new DataException($"No document fell into {set}; change the fractions or groups under split, its seed, or give more documents.");
        }
    }

    static IEnumerable<StageFact> Facts(Dictionary<string, Part> parts)
    {
        foreach ((string set, Part part) in parts)
        {
            yield return new StageFact($"{set}: documents", $"{part.File.Documents}");
            yield return new StageFact($"{set}: bytes", $"{part.File.Bytes}");
            yield return new StageFact($"{set}: words", $"{part.Words}");
            yield return new StageFact($"{set}: sha256", part.File.Sha256);
            if (part.Groups.Count > 0)
                yield return new StageFact($"{set}: groups", $"{part.Groups.Count}");
        }

        if (parts.TryGetValue(CorpusSet.HeldOut, out Part? held))
        {
            foreach ((string group, long words) in held.Groups.OrderBy(group => -group.Value).Take(20))
                yield return new StageFact($"held out: {group}", string.Create(CultureInfo.InvariantCulture, $"{words:N0} words"));
        }
    }

    static int Words(string text)
    {
        int words = 0;
        foreach (Range _ in new TextWords(text))
            words++;
        return words;
    }

    readonly record struct Side(string Set, UInt128 Hash, int Words);

    sealed class Part(string path)
    {
        public StageFile File { get; } = new(path, keepsOrigin: false);

        public Dictionary<string, long> Groups { get; } = [];

        public long Words { get; private set; }

        public void Add(Document document, int words)
        {
            File.Add(document);
            Words += words;
            if (document.Group is { } group)
                Groups[group] = Groups.GetValueOrDefault(group) + words;
        }
    }
}
