using System.Globalization;
using System.Text.Json;
using Cria.Data.Cleaning;
using Cria.Data.Readers;

namespace Cria.Data.Corpora.Stages;

/// <summary>The text is divided into what is trained on and what is held out.</summary>
public sealed class SplitStage(CorpusDivision division, ulong seed) : ICorpusStage
{
    /// <inheritdoc/>
    public string Name => "split";

    /// <inheritdoc/>
    public IReadOnlyList<string> Outputs => [.. division.Sets.Select(CorpusSet.TextFile)];

    /// <inheritdoc/>
    public string Key => $"{JsonSerializer.Serialize(division, CorpusJson.Default.CorpusDivision)} {seed}";

    /// <inheritdoc/>
    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        Dictionary<string, Part> parts = [];
        try
        {
            foreach (string set in division.Sets)
                parts.Add(set, new Part(Path.Combine(folder, CorpusSet.TextFile(set))));
            foreach ((Document document, (string set, int words)) in StageFile.Process(input, Examined, threads, cancellation))
                parts[set].Add(document, words);
            Check(parts);
            foreach (Part part in parts.Values)
                part.File.Complete();
            return new StageReport { Stage = Name, Facts = [.. Facts(parts)] };
        }
        finally
        {
            foreach (Part part in parts.Values)
                part.File.Dispose();
        }
    }

    (string Set, int Words) Examined(Document document) =>
        (division.SetOf(KeyedHash.OfBytes(document.Utf8.Span), document.Group, seed), Words(document.Text));

    void Check(Dictionary<string, Part> parts)
    {
        if (Array.Find(division.HeldOutGroups, group => !parts[CorpusSet.HeldOut].Groups.ContainsKey(group)) is { } absent)
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
