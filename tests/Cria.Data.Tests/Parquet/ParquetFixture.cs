using System.Text;
using System.Text.Json;
using Cria.Data.Parquet;
using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Tests.Parquet;

/// <summary>The files of other programs (scripts/make-parquet-files.mjs), and what stands in them.</summary>
sealed class ParquetFixture
{
    static readonly string Committed = Path.Combine(AppContext.BaseDirectory, "Parquet", "Files");

    readonly JsonElement _entry;
    readonly JsonElement[] _rows;

    /// <param name="name">The file.</param>
    /// <param name="folder">Where it lies; null for those of the repository.</param>
    public ParquetFixture(string name, string? folder = null)
    {
        folder ??= Committed;
        FullPath = Path.Combine(folder, name);
        _entry = FilesOf(folder).GetProperty(name);
        _rows = [.. File.ReadLines(Path.Combine(folder, "rows.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public static IEnumerable<string> Names => NamesIn(Committed);

    public string FullPath { get; }

    public int Rows => _entry.GetProperty("rows").GetInt32();

    public static IEnumerable<string> NamesIn(string folder) => FilesOf(folder).EnumerateObject().Select(file => file.Name);

    public static string PathOf(string name) => Path.Combine(Committed, name);

    /// <summary>The columns that can be read.</summary>
    public static string[] TextColumns(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return [.. new ParquetFile(path, stream.SafeFileHandle).Columns.Where(column => column.IsText).Select(column => column.Name)];
    }

    /// <summary>What a column of that name must hold, row by row.</summary>
    public string?[] Expected(string column)
    {
        if (_entry.TryGetProperty("rule", out _))
        {
            return [.. Enumerable.Range(0, Rows).Select(i => column == "text"
                ? $"line {i}{(i % 5 == 0 ? " again" : "")}"
                : $"group {i / 1000}")];
        }

        return [.. _rows.Take(Rows).Select(row => Expected(row, column))];
    }

    /// <summary>A column of a file as this library reads it, by its pages.</summary>
    public static string?[] Read(string path, string column)
    {
        using FileStream stream = File.OpenRead(path);
        var file = new ParquetFile(path, stream.SafeFileHandle);
        ParquetColumn found = file.TextColumn(column, out _)!;
        var rows = new List<string?>();
        for (int i = 0; i < file.RowGroups.Count; i++)
        {
            ColumnReader pages = file.Read(i, found);
            while (pages.Next() is { } page)
            {
                PageValues values = page.Open();
                while (values.Next(100, 10_000, out ValueRun run))
                {
                    for (int j = 0; j < run.Ranges.Length; j++)
                        rows.Add(run.Ranges.Span[j].IsNull ? null : Encoding.UTF8.GetString(run[j].Span));
                }
            }
        }

        return [.. rows];
    }

    static JsonElement FilesOf(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "files.json"))).RootElement;

    string? Expected(JsonElement row, string column)
    {
        if (Has("nulls"))
            return null;
        if (column.StartsWith("origin.", StringComparison.Ordinal) && row.GetProperty("id").GetInt32() % 3 == 0)
            return null;
        string? value = row.GetProperty(column is "bytes" ? "text" : column[(column.LastIndexOf('.') + 1)..]).GetString();
        return value ?? (Has("emptyForNull") || column is "bytes" ? "" : null);
    }

    bool Has(string mark) => _entry.TryGetProperty(mark, out _);
}
