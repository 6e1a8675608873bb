using System.Text.RegularExpressions;

namespace Cria.Data.Fetching;

/// <summary>
/// Which configuration and split a file of a dataset belongs to: what the card declares, else what the hub's naming conventions say
/// (<c>data/train-00000-of-00005.parquet</c>, <c>CONFIG/train-00000-of-00005.parquet</c>, a split's name anywhere in a file's or folder's).
/// </summary>
static partial class HubLayout
{
    public const string DefaultConfig = "default";

    const long MostComparisons = 100_000_000; // seconds

    static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = "train",
        ["training"] = "train",
        ["validation"] = "validation",
        ["valid"] = "validation",
        ["val"] = "validation",
        ["dev"] = "validation",
        ["test"] = "test",
        ["testing"] = "test",
        ["eval"] = "test",
        ["evaluation"] = "test",
    };

    /// <summary>A file where it belongs.</summary>
    public readonly record struct Placed(string Config, string Split, HubFile File);

    /// <summary>Of a repository's own files.</summary>
    public static List<Placed> Of(IReadOnlyList<HubFile> files, IReadOnlyList<HubConfig> configs)
    {
        if (configs.Count == 0)
            return [.. files.Select(ByName)];
        long comparisons = configs.Sum(config => (long)config.Parts.Count) * files.Count;
        if (comparisons > MostComparisons)
            throw new DataException($"The dataset's card would have {comparisons} files compared with patterns; choose files with --files PATTERN.");
        List<Placed> placed = [];
        foreach (HubConfig config in configs)
        {
            HashSet<HubFile> taken = [];
            foreach ((string? split, string pattern) in config.Parts)
            {
                Func<string, bool> matches = PathPattern.Of(pattern);
                foreach (HubFile file in files.Where(file => matches(file.Path) && taken.Add(file)))
                    placed.Add(new Placed(config.Name, split ?? SplitOf(file.Path), file));
            }
        }

        return placed;
    }

    /// <summary>
    /// Of the files that the hub converted: <c>CONFIG/SPLIT/0000.parquet</c>, and <c>partial-SPLIT</c> where it stopped at 5 GB.
    /// </summary>
    public static List<Placed> OfConverted(IReadOnlyList<HubFile> files, out bool isPartial)
    {
        const string Partial = "partial-";
        List<Placed> placed = [];
        isPartial = false;
        foreach (HubFile file in files)
        {
            if (file.Path.Split('/') is not [string config, string split, _])
                continue;
            bool isCut = split.StartsWith(Partial, StringComparison.Ordinal);
            isPartial |= isCut;
            placed.Add(new Placed(config, isCut ? split[Partial.Length..] : split, file));
        }

        return placed;
    }

    static Placed ByName(HubFile file)
    {
        string folder = file.Path.Contains('/', StringComparison.Ordinal) ? file.Path[..file.Path.LastIndexOf('/')] : "";
        string config = folder is "" or "data" || !Numbered().IsMatch(file.Name) ? DefaultConfig : folder;
        return new Placed(config, SplitOf(file.Path), file);
    }

    /// <summary>The split that a path names; train where it names none.</summary>
    public static string SplitOf(string path)
    {
        string[] parts = path.Split('/');
        if (Numbered().Match(parts[^1]) is { Success: true } match)
            return match.Groups["split"].Value;
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            foreach (string word in Words().Split(parts[i]))
            {
                if (Keywords.TryGetValue(word, out string? split))
                    return split;
            }
        }

        return "train";
    }

    [GeneratedRegex(@"^(?<split>\w+(\.\w+)*)-[0-9]{5}-of-[0-9]{5}[-.]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"[^A-Za-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
