using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cria.Data.Fetching;

/// <summary>
/// What is there of a file that is not whole yet, beside it as <c>NAME.part.json</c>: which file it is (its address as a hash, for it
/// may hold secrets; its length; its ETag or date) and which bytes have come. A state that does not fit is as good as none.
/// </summary>
sealed class PartState
{
    public const string PartEnding = ".part", Ending = ".part.json";

    const string Format = "cria-part";
    const int MaxBytes = 64 << 20;

    public required long Length { get; init; }

    /// <summary>The ETag or Last-Modified that a continuation must still have; null where only the hash of the whole decides.</summary>
    public required string? Validator { get; init; }

    public required IReadOnlyList<FilePiece> Pieces { get; init; }

    /// <summary>Bytes that are there.</summary>
    public long Done => Pieces.Sum(piece => piece.Next - piece.First);

    /// <summary>The state beside a file's part, or null where there is nothing to continue.</summary>
    public static PartState? Open(string target, WantedFile wanted)
    {
        FileInfo part = new(target + PartEnding), state = new(target + Ending);
        if (!part.Exists || !state.Exists || state.Length > MaxBytes)
            return null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(state.FullName));
            JsonElement root = json.RootElement;
            PartState read = new()
            {
                Length = root.GetProperty("bytes").GetInt64(),
                Validator = root.GetProperty("validator").GetString(),
                Pieces = [.. root.GetProperty("pieces").EnumerateArray().Select(p => new FilePiece(p[0].GetInt64(), p[1].GetInt64(), p[2].GetInt64()))],
            };
            bool isSame = root.GetProperty("format").GetString() == Format
                && root.GetProperty("address_sha256").GetString() == HashOf(wanted.Address)
                && root.GetProperty("sha256").GetString() == wanted.Sha256
                && (wanted.Bytes ?? read.Length) == read.Length;
            return isSame && read.IsSound && part.Length == read.Length ? read : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or IndexOutOfRangeException or IOException)
        {
            return null;
        }
    }

    /// <summary>How far each piece is.</summary>
    public long[] Positions() => [.. Pieces.Select(piece => piece.Next)];

    /// <summary>Writes it beside the file; a reader finds the old one or the new one.</summary>
    /// <param name="target">The file's path once it is whole.</param>
    /// <param name="wanted">Which file it is.</param>
    /// <param name="positions">How far each piece is on the disk.</param>
    public void Save(string target, WantedFile wanted, long[] positions) => DurableFile.Write(target + Ending, file =>
    {
        using Utf8JsonWriter json = new(file);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("address_sha256", HashOf(wanted.Address));
        json.WriteString("sha256", wanted.Sha256);
        json.WriteNumber("bytes", Length);
        json.WriteString("validator", Validator);
        json.WriteStartArray("pieces");
        foreach ((FilePiece piece, long position) in Pieces.Zip(positions))
        {
            json.WriteStartArray();
            json.WriteNumberValue(piece.First);
            json.WriteNumberValue(piece.End);
            json.WriteNumberValue(position);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Removes what is there of the file.</summary>
    public static void Discard(string target)
    {
        File.Delete(target + Ending);
        File.Delete(target + PartEnding);
    }

    bool IsSound
    {
        get
        {
            long at = 0;
            foreach (FilePiece piece in Pieces)
            {
                if (piece.First != at || piece.End <= piece.First || piece.Next < piece.First || piece.Next > piece.End)
                    return false;
                at = piece.End;
            }

            return at == Length;
        }
    }

    static string HashOf(Uri address) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.AbsoluteUri)));
}
