using Cria.Data.Compression;
using Cria.Data.Readers.Formats;

namespace Cria.Data.Readers;

/// <summary>A text file whose lines are read as they are, whatever its name says; it may be packed.</summary>
/// <param name="path">The file.</param>
/// <param name="isNamed">Whether a person named this very file, and not a folder or pattern around it.</param>
public sealed class LineFile(string path, bool isNamed)
{
    static readonly ReaderOptions Options = new() { Separator = ReaderOptions.EveryLine };

    public string Path { get; } = path;

    public bool IsNamed { get; } = isNamed;

    /// <summary>The file's name, without its folder and without the ending that a packer added.</summary>
    public string Name => System.IO.Path.GetFileName(PackedFile.UnpackedName(Path));

    /// <summary>The files that are meant, found as <see cref="DocumentReader.Open"/> finds them.</summary>
    /// <exception cref="DataException">A path does not exist, or names no file.</exception>
    public static IReadOnlyList<LineFile> Find(IEnumerable<string> paths) =>
        [.. InputFiles.Expand(paths).Select(file => new LineFile(file.Path, file.IsNamed))];

    /// <summary>The lines with something in them.</summary>
    /// <param name="met">Counts what was repaired.</param>
    /// <exception cref="DataException">The file cannot be read, is no text, or a line does not end.</exception>
    public IReadOnlyList<Document> Lines(ReaderStatistics met)
    {
        using FileStream raw = Open();
        using Stream stream = PackedFile.Open(raw, Path);
        var lines = new List<Document>();
        foreach (DocumentBlock block in new TextBlockReader(stream, Path, new PlainText(Options), Options).Blocks())
            lines.AddRange(block.Parse(met));
        return lines;
    }

    FileStream Open()
    {
        try
        {
            return File.OpenRead(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{Path} could not be opened: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }
}
