using System.Buffers;
using System.Text.Json;

namespace Cria.Data.Predictions;

/// <summary>A header as JSON, which any program reads; of what stands there nothing is trusted.</summary>
static class HeaderJson
{
    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static byte[] Write(PredictionHeader header)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("data_sha256", header.DataSha256);
            json.WriteString("tokenizer_sha256", header.TokenizerSha256);
            json.WriteNumber("vocab_size", header.VocabSize);
            json.WriteNumber("sequence_length", header.SequenceLength);
            json.WriteNumber("windows", header.Windows);
            json.WriteNumber("subset", header.Subset);
            json.WriteNumber("subset_seed", header.SubsetSeed);
            json.WriteBoolean("document_masks", header.DocumentMasks);
            json.WriteNumber("temperature", header.Temperature);
            json.WriteString("average", header.Average);
            json.WriteStartArray("teachers");
            foreach (PredictionTeacher teacher in header.Teachers)
            {
                json.WriteStartObject();
                json.WriteString("name", teacher.Name);
                json.WriteString("sha256", teacher.Sha256);
                json.WriteNumber("weight", teacher.Weight);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("kept", header.Choice.Name);
            json.WriteNumber("count", header.Choice.Most);
            if (header.Choice is DrawnTokens drawn)
            {
                json.WriteNumber("proposal_temperature", drawn.ProposalTemperature);
                json.WriteNumber("seed", drawn.Seed);
            }

            json.WriteNumber("bits", 8 * header.LogBytes);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="DataException">It is none.</exception>
    public static PredictionHeader Read(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonElement root = document.RootElement;
            PredictionHeader header = new()
            {
                DataSha256 = Hash(root, "data_sha256"),
                TokenizerSha256 = Hash(root, "tokenizer_sha256"),
                VocabSize = root.GetProperty("vocab_size").GetInt32(),
                SequenceLength = root.GetProperty("sequence_length").GetInt32(),
                Windows = root.GetProperty("windows").GetInt64(),
                Subset = root.GetProperty("subset").GetInt32(),
                SubsetSeed = root.GetProperty("subset_seed").GetUInt64(),
                DocumentMasks = root.GetProperty("document_masks").GetBoolean(),
                Temperature = root.GetProperty("temperature").GetSingle(),
                Average = root.GetProperty("average").GetString()!,
                Teachers = [.. root.GetProperty("teachers").EnumerateArray().Select(Teacher)],
                Choice = Choice(root),
                IsHalf = root.GetProperty("bits").GetInt32() switch
                {
                    16 => true,
                    32 => false,
                    var bits => throw new FormatException($"{bits} bits"),
                },
            };
            return header.Fault() is { } fault ? throw new DataException($"the header of {path} {fault}") : header;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DataException($"the header of {path} is damaged or of another version; make the file again with `cria teach`.", e);
        }
    }

    static TokenChoice Choice(JsonElement root)
    {
        int count = root.GetProperty("count").GetInt32();
        return root.GetProperty("kept").GetString() switch
        {
            "top" => new TopTokens(count),
            "drawn" => new DrawnTokens(count, root.GetProperty("proposal_temperature").GetDouble(), root.GetProperty("seed").GetUInt64()),
            var name => throw new FormatException($"kept: {name}"),
        };
    }

    static PredictionTeacher Teacher(JsonElement teacher) =>
        new(teacher.GetProperty("name").GetString()!, Hash(teacher, "sha256"), teacher.GetProperty("weight").GetDouble());

    static string Hash(JsonElement element, string key) => element.GetProperty(key).GetString() is { Length: 64 } hash
        && !hash.AsSpan().ContainsAnyExcept(HexDigits) ? hash : throw new FormatException(key);
}
