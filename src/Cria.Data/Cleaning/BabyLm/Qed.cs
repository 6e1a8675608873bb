using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Subtitles of lectures, some lines of them in capitals, in which a scanner took I for l.</summary>
sealed class Qed : IBabyLmDomain
{
    public string Stem => "qed";

    /// <summary>
    /// Lines are stripped. In one of capitals every l becomes I, and then every sentence begins with a capital and goes on without:
    /// "HEllO" becomes "heiio", and a sentence that begins with a bracket or a dash has no capital at all.
    /// </summary>
    public string Clean(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (ReadOnlySpan<char> line in PythonText.Lines(text))
        {
            var sentences = new StringBuilder(line.Length);
            if (IsCapitals(line))
                AppendSentences(sentences, line.ToString().Replace('l', 'I'));
            else
                sentences.Append(line);
            output.Append(PythonText.Strip(sentences.ToString())).Append('\n');
        }

        return output.Length > 0 ? output.ToString(0, output.Length - 1) : "";
    }

    /// <summary>
    /// As above, but only a line whose letters are nearly all capitals is changed; an l becomes I only where it must have been one; the
    /// first letter of a sentence is a capital whatever stands before it, and so is I.
    /// </summary>
    public IEnumerable<string> Documents(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (ReadOnlySpan<char> line in PythonText.Lines(text))
        {
            string stripped = PythonText.Strip(line).ToString();
            output.Append(CapitalLines.IsCapitals(stripped) ? CapitalLines.ToSentences(stripped) : stripped).Append('\n');
        }

        yield return output.ToString();
    }

    // The share of capitals among all characters, spaces too, brackets with their content and . ! ? left out, is at least a half.
    static bool IsCapitals(ReadOnlySpan<char> line)
    {
        int length = 0, capitals = 0, closing = line.LastIndexOf(')');
        for (int i = 0; i < line.Length;)
        {
            Rune.DecodeFromUtf16(line[i..], out Rune rune, out int width);
            if (rune.Value == '(' && i < closing)
            {
                i += line[i..].IndexOf(')') + 1;
                continue;
            }

            i += width;
            if (rune.Value is '.' or '!' or '?')
                continue;
            length++;
            capitals += PythonText.IsUpper(rune) ? 1 : 0;
        }

        return length > 0 && 2 * capitals >= length; // of nothing there is no share
    }

    static void AppendSentences(StringBuilder output, string line)
    {
        for (int start = 0; start < line.Length;)
        {
            int end = line.AsSpan(start).IndexOfAny('.', '!', '?');
            end = end < 0 ? line.Length : start + end;
            PythonCapitals.Append(output, line.AsSpan(start, end - start));
            start = end;
            if (start < line.Length)
                start++;
            while (start > end && start < line.Length && PythonText.IsSpace(line[start]))
                start++;
            output.Append(line, end, start - end);
        }
    }
}
