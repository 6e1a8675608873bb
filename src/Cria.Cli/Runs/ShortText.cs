using Cria.Reports;

namespace Cria.Cli.Runs;

/// <summary>
/// A text so short that chance left all of it on one side of the division into training and validation: its end is held out instead.
/// </summary>
static class ShortText
{
    /// <summary>Longer texts are divided into so many pieces that both sides get some.</summary>
    public const long MostBytes = 1 << 20;

    /// <summary>Of less nothing could be measured.</summary>
    const double LeastShare = 0.1;

    /// <param name="pieces">In their order, and on which side chance put each.</param>
    /// <param name="share">That validation was to have.</param>
    /// <param name="tell">Hears when chance did not do.</param>
    /// <returns>The same pieces where both sides have some; else all but the end to train on, and the end.</returns>
    public static IReadOnlyList<(string Text, bool IsValidation)> Divided(
        IReadOnlyList<(string Text, bool IsValidation)> pieces, double share, Action<string> tell)
    {
        if (pieces.Select(piece => piece.IsValidation).Distinct().Count() != 1)
            return pieces;
        share = Math.Max(share, LeastShare);
        int left = Math.Max(1, (int)(share * pieces.Sum(piece => (long)piece.Text.Length)));
        List<(string, bool)> divided = [];
        for (int i = pieces.Count - 1; i >= 0; i--)
        {
            string text = pieces[i].Text;
            int cut = left <= 0 ? text.Length : left >= text.Length && i > 0 ? 0 : Cut(text, left);
            left = cut > 0 ? 0 : left - text.Length;
            foreach (var (part, isValidation) in new[] { (text[cut..].Trim(), true), (text[..cut].Trim(), false) })
                if (part.Length > 0)
                    divided.Add((part, isValidation));
        }
        divided.Reverse();
        tell($"the text is short: its last {Human.Percent(share)} are for validation");
        return divided;
    }

    // Before the end of so many characters, where a line begins, else a word, else anywhere but within a character.
    static int Cut(string text, int length)
    {
        int at = Math.Max(0, text.Length - length), earliest = Math.Max(0, text.Length - 4 * length);
        var room = text.AsSpan(earliest, at - earliest);
        int space = room.LastIndexOf('\n') is >= 0 and var line ? line : room.LastIndexOf(' ');
        if (space > 0)
            return earliest + space + 1;
        return at > 0 && char.IsLowSurrogate(text[at]) ? at - 1 : at;
    }
}
