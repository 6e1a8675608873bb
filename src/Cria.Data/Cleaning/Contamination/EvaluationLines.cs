using Cria.Data.Compression;
using Cria.Data.Readers;
using Cria.Data.Readers.Formats;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>The lines of a file as they are, whatever its name says.</summary>
static class EvaluationLines
{
    static readonly ReaderOptions Options = new() { Separator = ReaderOptions.EveryLine };

    /// <exception cref="DataException">The file cannot be read, is no text, or a line does not end.</exception>
    public static IEnumerable<Document> Of(string path)
    {
        using FileStream raw = Open(path);
        using Stream stream = PackedFile.Open(raw, path);
        return Lines(stream, path);
    }

    static List<Document> Lines(Stream stream, string path)
    {
        var lines = new List<Document>();
        foreach (DocumentBlock block in new TextBlockReader(stream, path, new PlainText(Options), Options).Blocks())
            lines.AddRange(block.Parse(new ReaderStatistics()));
        return lines;
    }

    static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} could not be opened: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }
}
