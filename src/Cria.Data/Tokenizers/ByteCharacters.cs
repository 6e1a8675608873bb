namespace Cria.Data.Tokenizers;

/// <summary>
/// GPT-2's printable name of each byte: bytes that print in Latin-1 are their own character, the other 68 are
/// U+0100 and on, in order. Tokenizer files write tokens in these characters, and the byte alphabet is sorted by them.
/// </summary>
public static class ByteCharacters
{
    static readonly char[] OfByte = new char[256];
    static readonly short[] OfCharacter = new short[256 + 68];
    static readonly byte[] Ordered = new byte[256];

    static ByteCharacters()
    {
        Array.Fill(OfCharacter, (short)-1);
        char next = (char)256;
        for (int b = 0; b < 256; b++)
        {
            bool prints = b is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;
            OfByte[b] = prints ? (char)b : next++;
            OfCharacter[OfByte[b]] = (short)b;
        }
        int count = 0;
        foreach (short b in OfCharacter)
            if (b >= 0)
                Ordered[count++] = (byte)b;
    }

    /// <summary>All 256 bytes, sorted by their characters: the order of the alphabet's ids.</summary>
    public static ReadOnlySpan<byte> InOrder => Ordered;

    /// <summary>The token as a tokenizer file writes it, one character a byte.</summary>
    public static string Print(ReadOnlySpan<byte> token)
    {
        char[] text = new char[token.Length];
        for (int i = 0; i < text.Length; i++)
            text[i] = OfByte[token[i]];
        return new string(text);
    }

    /// <summary>The bytes of a printed token; false if it has a character that names no byte.</summary>
    public static bool TryParse(string printed, out byte[] token)
    {
        ArgumentNullException.ThrowIfNull(printed);
        token = new byte[printed.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int b = printed[i] < OfCharacter.Length ? OfCharacter[printed[i]] : -1;
            if (b < 0)
                return false;
            token[i] = (byte)b;
        }
        return true;
    }
}
