using System.IO.Enumeration;
using Cria.Data.Compression;

namespace Cria.Data.Readers;

/// <summary>From what a person names (files, folders, patterns) to files in an order that does not change.</summary>
static class InputFiles
{
    static readonly string[] TextEndings =
        [".txt", ".text", ".md", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".train", ".dev", ".test"];

    static readonly string[] AnyDepth = ["**", "*"];

    /// <summary>The files, each once whatever links lead to it; of a folder or a pattern in the order of their names
    /// (ordinal).</summary>
    public static List<InputFile> Expand(IEnumerable<string> paths)
    {
        var files = new List<InputFile>();
        var places = new RealPaths();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
            files.AddRange(Named(path, places).Where(file => seen.Add(places.Of(file.Path))));

        return files.Count > 0 ? files : throw new DataException("No input is named; name files, folders or patterns.");
    }

    /// <summary>Whether a name ends like none of the formats that hold more than text.</summary>
    public static bool IsPlainText(string path) => Path.GetExtension(PackedFile.UnpackedName(path)).ToLowerInvariant()
        is not (".jsonl" or ".ndjson" or ".csv" or ".tsv" or ".parquet");

    /// <summary>Whether a file of this name can be written: text or JSON lines, plain or with gzip.</summary>
    public static bool IsWritten(string path) => (IsPlainText(path) || IsJsonLines(path))
        && (PackedFile.UnpackedName(path) == path || path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a name ends like a file of JSON lines, packed or not.</summary>
    public static bool IsJsonLines(string path)
    {
        string name = PackedFile.UnpackedName(path);
        return name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
    }

    static List<InputFile> Named(string path, RealPaths places)
    {
        if (File.Exists(path))
            return [new InputFile(path, IsNamed: true)];
        try
        {
            if (Directory.Exists(path))
                return InFolder(path, places);
            if (path.AsSpan().ContainsAny('*', '?'))
                return Matching(path, places);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} could not be listed: {e.Message.TrimEnd('.')}; check its rights.", e);
        }

        throw new DataException($"{path} does not exist; name a file, a folder or a pattern.");
    }

    static List<InputFile> InFolder(string folder, RealPaths places)
    {
        List<string> names = [.. Walk(folder, AnyDepth, places)];
        List<InputFile> found = Sorted(names.Where(IsText));
        return found.Count > 0 ? found : throw new DataException(
            $"{folder} has no file that is read (.txt, .md, .jsonl, .csv, .tsv, .train and the like, also .gz, .zst, .br) among its " +
            $"{names.Count}; name the files themselves.");
    }

    static List<InputFile> Matching(string pattern, RealPaths places)
    {
        string root = Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : "";
        string[] parts = pattern[root.Length..].Split('/', Path.DirectorySeparatorChar);
        List<InputFile> found = Sorted(Walk(root, parts, places));
        return found.Count > 0 ? found : throw new DataException($"{pattern} matches no file; check the pattern.");
    }

    // `*` and `?` match inside one name, `**` any number of folders; at the end of a pattern it stands for `**/*`.
    static IEnumerable<string> Walk(string folder, ReadOnlyMemory<string> parts, RealPaths places)
    {
        string part = parts.Span[0], listed = Listed(folder);
        ReadOnlyMemory<string> rest = parts[1..];
        if (part == "**")
            return places.FoldersIn(folder).SelectMany(inner => Walk(inner, rest.IsEmpty ? AnyDepth.AsMemory(1) : rest, places));
        if (rest.IsEmpty)
            return Directory.EnumerateFiles(listed).Where(f => Fits(part, f)).Select(f => Path.Combine(folder, Path.GetFileName(f)));
        if (!part.AsSpan().ContainsAny('*', '?'))
        {
            string next = Path.Combine(folder, part);
            return Directory.Exists(next) ? Walk(next, rest, places) : [];
        }

        return Directory.EnumerateDirectories(listed).Where(d => Fits(part, d))
            .SelectMany(d => Walk(Path.Combine(folder, Path.GetFileName(d)), rest, places));
    }

    /// <summary>What to list for a path that may be empty: the folder one is in.</summary>
    public static string Listed(string folder) => folder.Length == 0 ? "." : folder;

    static bool Fits(string pattern, string path) =>
        FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path.AsSpan()), ignoreCase: false);

    static List<InputFile> Sorted(IEnumerable<string> paths) =>
        [.. paths.Order(StringComparer.Ordinal).Select(path => new InputFile(path, IsNamed: false))];

    static bool IsText(string path)
    {
        string name = PackedFile.UnpackedName(path);
        return TextEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>A file to read.</summary>
/// <param name="Path">Its path.</param>
/// <param name="IsNamed">Whether a person named this very file, and not a folder or pattern around it.</param>
readonly record struct InputFile(string Path, bool IsNamed);
