using System.Buffers;
using System.Text;

namespace Cria.Data.Cleaning.Steps;

/// <summary>
/// Characters that nobody sees. Every kind of line end becomes <c>\n</c>; tabs and the other white control characters
/// become spaces; all other control characters, byte order marks, soft hyphens, zero-width spaces, noncharacters and
/// lone surrogates go. Joiners stay: scripts and emoji need them.
/// </summary>
public sealed class ControlCharacters : ICleaningStep
{
    static readonly SearchValues<char> Suspects = SearchValues.Create(All().ToArray());

    /// <inheritdoc/>
    public string Name => "control characters removed";

    /// <inheritdoc/>
    public string Apply(string text)
    {
        if (!NeedsWork(text))
            return text;
        var output = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                output.Append(c).Append(text[++i]);
            else if (!Suspects.Contains(c))
                output.Append(c);
            else if (c is '\r' or '\u0085' or '\u2028' or '\u2029')
                AppendLineEnd(output, text, i);
            else if (c is '\t' or '\v' or '\f')
                output.Append(' ');
        }

        return output.ToString();
    }

    static void AppendLineEnd(StringBuilder output, string text, int i)
    {
        if (text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n') // of \r\n the second half stays
            output.Append('\n');
    }

    static bool NeedsWork(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOfAny(Suspects); i >= 0;)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (!isPair)
                return true;
            int next = text[(i + 2)..].IndexOfAny(Suspects);
            i = next < 0 ? -1 : i + 2 + next;
        }

        return false;
    }

    static IEnumerable<char> All()
    {
        for (int c = 0; c < 0xA0; c++)
        {
            if ((c < 0x20 && c != '\n') || c >= 0x7F)
                yield return (char)c;
        }

        foreach (char c in "\u00AD\u200B\u2028\u2029\u2060\uFEFF\uFFFE\uFFFF")
            yield return c;
        for (int c = 0xFDD0; c < 0xFDF0; c++)
            yield return (char)c;
        for (int c = 0xD800; c < 0xE000; c++)
            yield return (char)c;
    }
}
