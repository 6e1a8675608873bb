using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cria.Data.Fetching;

/// <summary><c>SOURCE.json</c>: where the files of a folder are from, and what they were when they came.</summary>
sealed class SourceRecord
{
    public const string FileName = "SOURCE.json";

    const string Format = "cria-source";
    const int MaxBytes = 64 << 20;

    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly string _path;
    readonly SortedDictionary<string, Entry> _files = new(StringComparer.Ordinal);

    SourceRecord(string folder, FoundCorpus source)
    {
        _path = Path.Combine(folder, FileName);
        Source = source;
    }

    /// <summary>What a file was when it came.</summary>
    public sealed record Entry(string Address, string? Split, long Bytes, string Sha256, DateTime Modified, DateTime Fetched);

    public FoundCorpus Source { get; }

    /// <summary>The folder's record, or a new one.</summary>
    /// <exception cref="DataException">The folder holds files of another source or revision.</exception>
    public static SourceRecord Open(string folder, FoundCorpus source)
    {
        SourceRecord record = new(folder, source);
        if (File.Exists(record._path))
            record.Read();
        return record;
    }

    public Entry? this[string file] => _files.GetValueOrDefault(file);

    /// <summary>
    /// Adds a file that is whole, and writes the record. It comes before the file has its name: an entry without its file is as good as
    /// none, but a file without its entry would be refused as somebody else's. May be called on any thread.
    /// </summary>
    /// <param name="wanted">Where it is from.</param>
    /// <param name="file">What it is.</param>
    /// <param name="path">Where it lies now; its date stays when it is renamed.</param>
    /// <param name="now">When.</param>
    public void Add(WantedFile wanted, FetchedFile file, string path, DateTime now)
    {
        Entry entry = new(wanted.Source, file.Split, file.Bytes, file.Sha256, File.GetLastWriteTimeUtc(path), now);
        lock (_files)
        {
            _files[file.File] = entry;
            Write();
        }
    }

    void Read()
    {
        try
        {
            if (new FileInfo(_path).Length > MaxBytes)
                throw new JsonException("it is too long");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(_path));
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
                throw new JsonException("it is of another program");
            string? source = root.GetProperty("source").GetString(), revision = root.GetProperty("revision").GetString();
            if (source != Source.Name || revision != Source.Revision)
            {
                throw new DataException($"{_path} says that the folder holds {source}{At(revision)}, and {Source.Name}{At(Source.Revision)} "
                    + "is to be fetched; nothing is mixed or written over: choose another folder with --out.");
            }

            foreach (JsonElement file in root.GetProperty("files").EnumerateArray())
            {
                _files[file.GetProperty("file").GetString()!] = new Entry(
                    file.GetProperty("address").GetString()!,
                    file.GetProperty("split").GetString(),
                    file.GetProperty("bytes").GetInt64(),
                    file.GetProperty("sha256").GetString()!,
                    Time(file.GetProperty("modified")),
                    Time(file.GetProperty("fetched")));
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or ArgumentNullException)
        {
            throw new DataException($"{_path} is no record of fetched files ({e.Message.TrimEnd('.')}); remove it or choose another folder with --out.", e);
        }
    }

    static string At(string? revision) => revision is null ? "" : $" at {revision}";

    static DateTime Time(JsonElement value) =>
        DateTime.ParseExact(value.GetString()!, "o", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    void Write() => DurableFile.Write(_path, Write);

    void Write(Stream file)
    {
        using (Utf8JsonWriter json = new(file, Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("source", Source.Name);
            json.WriteString("home", Source.Home);
            json.WriteString("revision", Source.Revision);
            json.WriteString("licence", Source.Licence);
            json.WriteStartArray("files");
            foreach ((string name, Entry entry) in _files)
            {
                json.WriteStartObject();
                json.WriteString("file", name);
                json.WriteString("split", entry.Split);
                json.WriteNumber("bytes", entry.Bytes);
                json.WriteString("sha256", entry.Sha256);
                json.WriteString("address", entry.Address);
                json.WriteString("fetched", entry.Fetched.ToString("o", CultureInfo.InvariantCulture));
                json.WriteString("modified", entry.Modified.ToString("o", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        file.WriteByte((byte)'\n');
    }
}
