namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>Where a space is put before text that has none.</summary>
public enum PrependScheme
{
    /// <summary>Before every stretch of text.</summary>
    Always,

    /// <summary>Before the whole text only, not after an added token.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary>Writes spaces as a visible mark, "▁" as a rule, and begins a word at each.</summary>
public sealed record MetaspacePreTokenizer(char Replacement, PrependScheme Scheme, bool Splits) : IPreTokenizer
{
    public void Split(TextPiece piece, ICollection<TextPiece> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string text = piece.Text.Replace(' ', Replacement);
        bool prepends = Scheme == PrependScheme.Always || (Scheme == PrependScheme.First && piece.IsFirst);
        if (prepends && text[0] != Replacement)
            text = Replacement + text;
        if (!Splits)
        {
            words.Add(piece with { Text = text });
            return;
        }
        for (int start = 0; start < text.Length;)
        {
            int next = text.IndexOf(Replacement, start + 1);
            int end = next < 0 ? text.Length : next;
            words.Add(new TextPiece(text[start..end], piece.IsFirst && start == 0));
            start = end;
        }
    }

    // Three bytes for a space, and three more for a piece, which has a byte at least.
    public long MaxBytes(long utf8Bytes) => 6 * utf8Bytes;
}
