using System.Globalization;

namespace Cria.Data.Tokenizers.Models;

/// <summary>How files name single bytes.</summary>
public static class TokenTexts
{
    /// <summary>The byte that a token named <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> stands for; −1 if it is no such name.</summary>
    public static int ByteOf(string text)
    {
        bool isByte = text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>';
        return isByte && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b)
            ? b
            : -1;
    }

    /// <summary>The id of each byte's token by value; −1 where there is none.</summary>
    public static int[] ByteIds(IReadOnlyList<string> tokens)
    {
        int[] ids = new int[256];
        Array.Fill(ids, -1);
        for (int id = 0; id < tokens.Count; id++)
            if (ByteOf(tokens[id]) is >= 0 and int b)
                ids[b] = id;
        return ids;
    }
}
