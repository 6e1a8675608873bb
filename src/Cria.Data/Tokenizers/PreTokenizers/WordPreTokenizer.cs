using System.Globalization;
using System.Text;

namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>Runs of word characters and runs of others that are no white space ("Whitespace": <c>\w+|[^\w\s]+</c>).</summary>
public sealed record WordPreTokenizer : IPreTokenizer
{
    public void Split(TextPiece piece, ICollection<TextPiece> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        List<(int, int)> found = [];
        (int start, int end, int kind) = (0, 0, 0);
        while (end < piece.Text.Length)
        {
            Rune.DecodeFromUtf16(piece.Text.AsSpan(end), out Rune rune, out int length);
            int next = Rune.IsWhiteSpace(rune) ? 0 : IsWord(rune) ? 1 : 2;
            if (next != kind)
            {
                if (kind != 0)
                    found.Add((start, end - start));
                (start, kind) = (end, next);
            }
            end += length;
        }
        if (kind != 0)
            found.Add((start, end - start));
        Delimiters.Cut(piece, found, SplitBehavior.Removed, isInverted: true, words);
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes;

    /// <summary>\w: letters, marks, digits, letter numbers, connectors, the two joiners, and letters in circles or squares.</summary>
    internal static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9)
        or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189) || Rune.GetUnicodeCategory(rune) is
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
