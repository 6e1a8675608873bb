using Cria.Data;
using Cria.Data.Readers;

namespace Cria.Evaluation.Pairs;

/// <summary>Minimal pairs read from files.</summary>
/// <param name="Pairs">In the order of the files and their lines.</param>
/// <param name="Files">How many files they came from.</param>
/// <param name="Repeated">Pairs of a file that an earlier one had in the same paradigm; they count once.</param>
public sealed record PairSet(IReadOnlyList<PairItem> Pairs, int Files, int Repeated)
{
    /// <summary>Reads files, or those of the format among a folder's.</summary>
    /// <param name="paths">Files, folders and patterns; each file may be packed.</param>
    /// <param name="format">Of all of them.</param>
    /// <exception cref="DataException">A file is missing, damaged or not of the format, or there is no pair.</exception>
    public static PairSet Read(IReadOnlyList<string> paths, PairFormat format)
    {
        LineFile[] files = [.. LineFile.Find(paths).Where(file => file.IsNamed || IsOf(format, file))];
        var pairs = new List<PairItem>();
        var met = new HashSet<(string Phenomenon, string Good, string Bad)>();
        int repeated = 0;
        foreach (var file in files)
        {
            List<PairItem> all = PairReader.Of(format, file).Read();
            PairItem[] fresh = [.. all.Where(pair => !met.Contains(Key(pair)))];
            repeated += all.Count - fresh.Length;
            pairs.AddRange(fresh);
            met.UnionWith(fresh.Select(Key));
        }
        if (pairs.Count == 0)
            throw new DataException($"{string.Join(", ", paths)} holds no minimal pairs; expected {Expected(format)}.");
        return new(pairs, files.Length, repeated);
    }

    static bool IsOf(PairFormat format, LineFile file) => Path.GetExtension(file.Name).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => format == PairFormat.JsonLines,
        ".txt" => format == PairFormat.BadThenGood,
        _ => false,
    };

    static string Expected(PairFormat format) => format == PairFormat.JsonLines
        ? "JSON lines (.jsonl) with sentence_good and sentence_bad"
        : "text (.txt) whose lines are in pairs, the bad one first";

    static (string, string, string) Key(PairItem pair) => (pair.Phenomenon, pair.Good, pair.Bad);
}
