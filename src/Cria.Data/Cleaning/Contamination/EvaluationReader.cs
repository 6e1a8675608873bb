using System.Text.Json;
using Cria.Data.Readers;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>The texts of evaluation files.</summary>
/// <param name="fields">Which fields or columns; none: all. Plain text has none: its lines are the items.</param>
sealed class EvaluationReader(IReadOnlyList<string> fields)
{
    readonly string[][] _paths = [.. fields.Select(field => field.Split('.'))];

    /// <summary>The items, in the order of files and lines.</summary>
    public List<EvaluationItem> Read(IReadOnlyList<string> paths)
    {
        var items = new List<EvaluationItem>();
        foreach (LineFile file in LineFile.Find(paths))
        {
            if (InputFiles.IsJsonLines(file.Path))
                ReadJsonLines(file, items);
            else
                ReadColumns(file.Path, items);
        }

        return items;
    }

    void ReadJsonLines(LineFile file, List<EvaluationItem> items)
    {
        foreach (Document line in file.Lines(new ReaderStatistics()))
        {
            if (line.Utf8.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            try
            {
                using JsonDocument json = JsonDocument.Parse(line.Utf8);
                var texts = new List<string>();
                if (_paths.Length == 0)
                    Collect(json.RootElement, texts);
                foreach (string[] path in _paths)
                    Collect(json.RootElement, path, texts);
                if (texts.Count > 0)
                    items.Add(new EvaluationItem(line.Place, texts));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new DataException($"{line.Place} is not valid JSON: {e.Message.TrimEnd('.')}; fetch the evaluation set again.", e);
            }
        }
    }

    void ReadColumns(string file, List<EvaluationItem> items)
    {
        if (fields.Count == 0 || InputFiles.IsPlainText(file))
        {
            var lines = DocumentReader.Open([file], new ReaderOptions { Separator = ReaderOptions.EveryLine });
            items.AddRange(lines.Select(document => new EvaluationItem(document.Place, [document.Text])));
            return;
        }

        var rows = new SortedDictionary<long, (string Place, List<string> Texts)>();
        foreach (string field in fields)
        {
            foreach (Document document in DocumentReader.Open([file], new ReaderOptions { TextField = field }))
            {
                if (!rows.TryGetValue(document.Line, out (string, List<string> Texts) row))
                    rows[document.Line] = row = (document.Place, []);
                row.Texts.Add(document.Text);
            }
        }

        items.AddRange(rows.Values.Select(row => new EvaluationItem(row.Place, row.Texts)));
    }

    /// <summary>All strings of a value, at any depth.</summary>
    static void Collect(JsonElement value, List<string> texts)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                texts.Add(value.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement inside in value.EnumerateArray())
                    Collect(inside, texts);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty inside in value.EnumerateObject())
                    Collect(inside.Value, texts);
                break;
        }
    }

    static void Collect(JsonElement value, ReadOnlySpan<string> path, List<string> texts)
    {
        foreach (string name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return;
        }

        Collect(value, texts);
    }
}
