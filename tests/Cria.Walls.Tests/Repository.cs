using System.Text.RegularExpressions;

namespace Cria.Walls.Tests;

/// <summary>The sources as text: the walls are checked on what was written, not on what was compiled.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The hand-written C# files below a folder of the repository, by path relative to its root.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Sources(string folder) =>
        from path in Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !relative.EndsWith(".g.cs", StringComparison.Ordinal)
        where !relative.Contains("/obj/", StringComparison.Ordinal)
        where !relative.Contains("/bin/", StringComparison.Ordinal)
        orderby relative
        select (relative, File.ReadAllLines(path));

    /// <summary>A line without its comment, so that prose may name what code may not.</summary>
    public static string Code(string line)
    {
        int comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }

    /// <summary>Every place where code below the folder matches, as <c>path:line</c>.</summary>
    public static string[] Matches(string folder, Regex pattern) =>
    [
        .. from source in Sources(folder)
           from line in source.Lines.Index()
           where pattern.IsMatch(Code(line.Item))
           select $"{source.Path}:{line.Index + 1}: {line.Item.Trim()}",
    ];

    /// <summary>Fails with the whole list, which Assert.Empty would cut off.</summary>
    public static void Clean(IEnumerable<string> faults)
    {
        string[] found = [.. faults];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cria.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"no Cria.slnx above {AppContext.BaseDirectory}");
    }
}
