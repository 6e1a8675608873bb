using System.Text;

namespace Cria.Data.Tests.Tokenizers;

/// <summary>Repeatable random texts, made of the pieces that splitters and merges find hard.</summary>
sealed class RandomText(ulong seed)
{
    static readonly string[] Pieces =
    [
        "'s", "'re", "'LL", "'", "'D", "ſ", "'ſ", " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "\u2028", "\u0085",
        "\u180E", "a", "Z", "é", "ß", "中", "文", "ا", "ไ", "ि", "\u0301", "0", "12", "²", "Ⅷ", "٣", "½", "!", "?!", "_",
        "…", "€", "\u200B", "\0", "\u001F", "aaa", "the", "re",
    ];

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public string Text(int pieces)
    {
        StringBuilder text = new();
        for (int i = 0; i < pieces; i++)
            text.Append(Pieces[Below(Pieces.Length)]);
        return text.ToString();
    }

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)Below(256);
        return bytes;
    }

    // SplitMix64
    ulong Next()
    {
        ulong z = seed += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
