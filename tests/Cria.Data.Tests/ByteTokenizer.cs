using Cria.Data.Tokenizers;

namespace Cria.Data.Tests;

/// <summary>A token a byte; 256 is the end of text.</summary>
sealed class ByteTokenizer(bool hasEndOfText = true) : ITokenizer
{
    static readonly byte[][] Bytes =
        [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b }), "<|endoftext|>"u8.ToArray()];

    public int VocabSize => hasEndOfText ? 257 : 256;

    public int? EndOfText => hasEndOfText ? 256 : null;

    public int MaxTokens(int utf8Bytes) => utf8Bytes;

    public int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy = SpecialTokens.AsText)
    {
        for (int i = 0; i < utf8.Length; i++)
            ids[i] = utf8[i];
        return utf8.Length;
    }

    public ReadOnlySpan<byte> TokenBytes(int id) => Bytes[id];

    public bool IsSpecial(int id) => id == 256;
}
