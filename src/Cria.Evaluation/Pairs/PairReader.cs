using System.Text.Json;
using Cria.Data;
using Cria.Data.Readers;

namespace Cria.Evaluation.Pairs;

/// <summary>Takes one file of minimal pairs apart, and refuses what a test must not rest on.</summary>
abstract class PairReader(LineFile file)
{
    /// <summary>More pairs than this are no evaluation: BLiMP has 67,000.</summary>
    const int Most = 4_000_000;

    /// <summary>The characters of a paradigm's or field's name, which tables show.</summary>
    const int LongestName = 100;

    readonly List<PairItem> _pairs = [];

    public static PairReader Of(PairFormat format, LineFile file) =>
        format == PairFormat.JsonLines ? new JsonPairReader(file) : new TextPairReader(file);

    public List<PairItem> Read()
    {
        var met = new ReaderStatistics();
        IReadOnlyList<Document> lines = file.Lines(met);
        if (met.InvalidBytes > 0)
            throw new DataException($"{file.Path} has {met.InvalidBytes:N0} bytes that are not UTF-8; fetch it again, or convert it first.");
        Read(lines);
        return _pairs;
    }

    /// <summary>What a paradigm is called that has no other name.</summary>
    protected string FileName => Path.GetFileNameWithoutExtension(file.Name);

    protected abstract void Read(IReadOnlyList<Document> lines);

    protected void Add(Document place, PairItem pair)
    {
        // Two sentences that are the same are not refused: BLiMP has such pairs, and they are ties.
        if (string.IsNullOrWhiteSpace(pair.Good) || string.IsNullOrWhiteSpace(pair.Bad))
            throw new DataException($"{place.Place}: one sentence of the pair is empty; remove the pair.");
        if (pair.Phenomenon.Length > LongestName || pair.Group.Length > LongestName)
            throw new DataException($"{place.Place}: the name of its paradigm or field has more than {LongestName} characters; shorten it.");
        if (_pairs.Count == Most)
            throw new DataException($"{place.Place}: {file.Path} has more than {Most:N0} pairs; divide it.");
        _pairs.Add(pair);
    }
}

/// <summary>BLiMP's lines and the supplement's.</summary>
sealed class JsonPairReader(LineFile file) : PairReader(file)
{
    protected override void Read(IReadOnlyList<Document> lines)
    {
        foreach (Document line in lines)
        {
            try
            {
                using JsonDocument json = JsonDocument.Parse(line.Utf8);
                if (json.RootElement.ValueKind != JsonValueKind.Object)
                    throw new DataException($"{line.Place} is no JSON object; expected one with sentence_good and sentence_bad.");
                Add(line, Pair(json.RootElement, line));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: half a surrogate pair
            {
                throw new DataException($"{line.Place} is not valid JSON: {e.Message.TrimEnd('.')}; fetch the file again.", e);
            }
        }
    }

    PairItem Pair(JsonElement line, Document place)
    {
        string phenomenon = Optional(line, "UID") ?? FileName;
        string group = Optional(line, "linguistics_term") ?? Optional(line, "field") ?? phenomenon;
        return new(phenomenon, Field(group), Required(line, "sentence_good", place), Required(line, "sentence_bad", place));
    }

    // The files of two of BLiMP's paradigms call their term so; its paper (Warstadt et al. 2020, table 4) has them among the nine of
    // argument structure, and twelve fields in all.
    static string Field(string term) => term == "s-selection" ? "argument_structure" : term;

    static string Required(JsonElement line, string name, Document place) => Optional(line, name)
        ?? throw new DataException($"{place.Place} has no text in the field \"{name}\"; a pair has sentence_good and sentence_bad.");

    static string? Optional(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}

/// <summary>Zorro's lines.</summary>
sealed class TextPairReader(LineFile file) : PairReader(file)
{
    protected override void Read(IReadOnlyList<Document> lines)
    {
        string phenomenon = FileName;
        int hyphen = phenomenon.LastIndexOf('-');
        string group = hyphen > 0 ? phenomenon[..hyphen] : phenomenon;
        for (int i = 0; i < lines.Count; i += 2)
        {
            // A line lost somewhere would turn good and bad around for the rest of the file.
            if (i + 1 == lines.Count || lines[i + 1].Line != lines[i].Line + 1)
                throw new DataException($"{lines[i].Place} has no good sentence in the line after it; lines come in pairs, the bad one first.");
            Add(lines[i], new(phenomenon, group, lines[i + 1].Text, lines[i].Text));
        }
    }
}
