using System.Globalization;
using System.Text;
using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;

namespace Cria.Interop.HuggingFace;

/// <summary>
/// The pieces of a SentencePiece-style tokenizer.json (as Llama 2's): ids become text by looking up pieces, in which
/// "▁" is a space and &lt;0xNN&gt; one byte. It does not encode.
/// </summary>
public sealed class PieceTable : ITokenizer
{
    const char Space = '\u2581';

    readonly byte[][] _pieces;
    readonly bool[] _isSpecial;

    PieceTable(byte[][] pieces, bool[] isSpecial, int? endOfText) =>
        (_pieces, _isSpecial, EndOfText) = (pieces, isSpecial, endOfText);

    public int VocabSize => _pieces.Length;

    /// <summary>The id of <c>&lt;/s&gt;</c>, which ends a text here (<c>&lt;s&gt;</c> begins it).</summary>
    public int? EndOfText { get; }

    /// <param name="path">A tokenizer.json, or the folder that holds one.</param>
    /// <exception cref="DataException">The file is absent, damaged or without such a vocabulary.</exception>
    public static PieceTable Read(string path) => TokenizerJson.Parse(path, Read);

    /// <summary>Whether the file is of this kind rather than byte-level.</summary>
    internal static bool Fits(JsonElement root) =>
        TokenizerJsonFields.Part(root, "model") is { } model && TokenizerJsonFields.Flag(model, "byte_fallback");

    internal static PieceTable Read(string path, JsonElement root)
    {
        JsonElement model = TokenizerJsonFields.Object(path, root, "model");
        JsonElement vocabulary = TokenizerJsonFields.Object(path, model, "vocab");
        Dictionary<string, int> ids = [];
        HashSet<string> special = [];
        foreach (JsonProperty token in vocabulary.EnumerateObject())
            ids[token.Name] = TokenizerJsonFields.Id(path, token.Value, token.Name);
        foreach (JsonElement token in TokenizerJsonFields.Array(path, root, "added_tokens"))
        {
            if (TokenizerJsonFields.Text(token, "content") is not { } name
                || TokenizerJsonFields.Part(token, "id") is not { } id)
                throw new DataException($"{path}: an entry of added_tokens has no content or no id.");
            ids[name] = TokenizerJsonFields.Id(path, id, name);
            if (TokenizerJsonFields.Flag(token, "special"))
                special.Add(name);
        }
        return FromPieces(path, ids, special);
    }

    public int MaxTokens(int utf8Bytes) => throw Refusal();

    public int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy = SpecialTokens.AsText) =>
        throw Refusal();

    public ReadOnlySpan<byte> TokenBytes(int id) => _pieces[Checked(id)];

    public bool IsSpecial(int id) => _isSpecial[Checked(id)];

    /// <summary>The text of a whole sequence: special tokens left out, and the space that begins every text.</summary>
    public string Text(ReadOnlySpan<int> ids)
    {
        List<int> pieces = [];
        foreach (int id in ids)
            if (!IsSpecial(id))
                pieces.Add(id);
        string text = this.Decode(pieces.ToArray());
        return text.StartsWith(' ') ? text[1..] : text;
    }

    static PieceTable FromPieces(string path, Dictionary<string, int> ids, HashSet<string> special)
    {
        byte[][] pieces = new byte[ids.Count][];
        bool[] isSpecial = new bool[ids.Count];
        foreach ((string piece, int id) in ids)
        {
            if (id >= pieces.Length || pieces[id] is not null)
                throw new DataException(
                    $"{path}: {pieces.Length} pieces must have the ids 0 to {pieces.Length - 1}, each once, "
                    + $"but '{piece}' has {id}.");
            isSpecial[id] = special.Contains(piece);
            pieces[id] = isSpecial[id] ? Encoding.UTF8.GetBytes(piece) : BytesOf(piece);
        }
        return new PieceTable(pieces, isSpecial, ids.TryGetValue("</s>", out int end) ? end : null);
    }

    static byte[] BytesOf(string piece)
    {
        bool isByte = piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>';
        return isByte && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.HexNumber, null, out byte b)
            ? [b]
            : Encoding.UTF8.GetBytes(piece.Replace(Space, ' '));
    }

    int Checked(int id) => (uint)id < (uint)_pieces.Length
        ? id
        : throw new DataException(
            $"Token id {id} is not in the vocabulary of {VocabSize}; use the tokenizer that made these ids.");

    static DataException Refusal() =>
        new("Encoding text with a SentencePiece-style tokenizer is not supported; give token ids instead.");
}
