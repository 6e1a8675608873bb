namespace Cria.Data.Readers;

/// <summary>Where files and folders truly lie, so that what several links lead to is met once, and a link to a folder
/// above it does not go round.</summary>
sealed class RealPaths
{
    /// <summary>As many as Linux follows, and no system more.</summary>
    const int MostLinks = 40;

    readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>The full path of a file or folder without any link on the way, as far as links do not go round.</summary>
    public string Of(string path) => Of(path, MostLinks);

    /// <summary>A folder and all those in it, each once: by its own name where it has one there, else by that of the first
    /// link to it. <paramref name="folder"/> may be empty: the folder one is in.</summary>
    public List<string> FoldersIn(string folder)
    {
        var found = new List<string>();
        var met = new HashSet<string>(StringComparer.Ordinal);
        var links = new Queue<string>();
        Add(folder);
        while (links.TryDequeue(out string? link))
            Add(link);
        return found;

        void Add(string place)
        {
            if (!met.Add(Of(InputFiles.Listed(place))))
                return;
            found.Add(place);
            foreach (string path in Directory.EnumerateDirectories(InputFiles.Listed(place)).Order(StringComparer.Ordinal))
            {
                string inner = Path.Combine(place, Path.GetFileName(path));
                if (new DirectoryInfo(path).LinkTarget is null)
                    Add(inner);
                else
                    links.Enqueue(inner);
            }
        }
    }

    string Of(string path, int links)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        if (!_folders.TryGetValue(parent, out string? folder))
            _folders[parent] = folder = Of(parent, links);
        string here = Path.Combine(folder, Path.GetFileName(full));
        string? target = links > 0 ? new FileInfo(here).LinkTarget : null;
        return target is null ? here : Of(Path.Combine(folder, target), links - 1);
    }
}
