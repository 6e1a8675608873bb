namespace Cria.Cli.Pages;

/// <summary>Short names of runs that stand side by side: what tells their folders apart.</summary>
static class RunNames
{
    /// <summary>Names up to this length stay as they are.</summary>
    const int Long = 24;

    const int HashLength = 8; // behind the names of a sweep's runs

    /// <param name="folders">Full paths.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> folders)
    {
        string[] names = [.. folders.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)))];
        if (!AreDistinct(names))
            return OfPaths(folders);
        if (names.Length < 2 || names.All(name => name.Length <= Long))
            return names;
        names = Better(names, [.. names.Select(WithoutHash)]);
        var parts = names.Select(name => name.Split(',')).ToList();
        HashSet<string> common = [.. parts.Aggregate((IEnumerable<string>)parts[0], (all, own) => all.Intersect(own))];
        names = Better(names, [.. parts.Select(own => string.Join(',', own.Where(part => !common.Contains(part))))]);
        if (names.All(name => name.Length <= Long || name.Contains('='))) // values keep the names they belong to
            return names;
        int start = CommonStart(names);
        return Better(names, [.. names.Select(name => name[start..])]);
    }

    // Folders of one name lie at different places: the part of their paths that differs.
    static IReadOnlyList<string> OfPaths(IReadOnlyList<string> folders)
    {
        var parts = folders.Select(folder => Path.TrimEndingDirectorySeparator(folder).Split(Path.DirectorySeparatorChar)).ToList();
        int shortest = parts.Min(own => own.Length), start = 0, end = 0;
        while (start < shortest && parts.All(own => own[start] == parts[0][start]))
            start++;
        while (end < shortest - start && parts.All(own => own[^(end + 1)] == parts[0][^(end + 1)]))
            end++;
        return [.. parts.Select(own => string.Join('/', own[start..^end]) is { Length: > 0 } name ? name : own[^1])];
    }

    // Up to where a word begins.
    static int CommonStart(string[] names)
    {
        int common = 0, start = 0;
        for (; names.All(name => common < name.Length && name[common] == names[0][common]); common++)
            if (names[0][common] is '-' or '_' or ',' or ' ')
                start = common + 1;
        return start;
    }

    static string WithoutHash(string name) =>
        name.Length > HashLength + 1 && name[^(HashLength + 1)] == '-'
        && name.AsSpan(name.Length - HashLength).IndexOfAnyExcept(Hexadecimal) < 0
            ? name[..^(HashLength + 1)]
            : name;

    static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdef");

    static string[] Better(string[] names, string[] shorter) =>
        AreDistinct(shorter) && shorter.All(name => name.Length > 0) ? shorter : names;

    static bool AreDistinct(string[] names) => names.Distinct().Count() == names.Length;
}
