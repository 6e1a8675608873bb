using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Lines in capitals made sentences. Names lose their capitals: which words are names, such a line does not say.</summary>
static class CapitalLines
{
    const double CapitalShare = 0.9;

    /// <summary>Whether of at least two words nearly all letters are capitals, an l left out, which may be one.</summary>
    public static bool IsCapitals(string line)
    {
        int letters = 0, capitals = 0, words = 0;
        bool isInside = false;
        foreach (char c in line)
        {
            bool isLetter = char.IsLetter(c);
            words += isLetter && !isInside ? 1 : 0;
            isInside = isLetter || (isInside && c is '\'' or '’');
            letters += isLetter && c != 'l' ? 1 : 0;
            capitals += char.IsUpper(c) ? 1 : 0;
        }

        return words >= 2 && letters >= 2 && capitals >= CapitalShare * letters;
    }

    /// <summary>The line in lower case, but for the first letter of each sentence and the word I.</summary>
    public static string ToSentences(string line)
    {
        var output = new StringBuilder(line.Length);
        bool isFirst = true;
        for (int i = 0; i < line.Length;)
        {
            int end = i;
            while (end < line.Length && char.IsLetter(line[end]))
                end++;
            if (end == i)
            {
                isFirst |= line[i] is '.' or '!' or '?';
                output.Append(line[i++]);
                continue;
            }

            AppendWord(output, Repaired(line[i..end]), isFirst);
            isFirst = false;
            i = end;
        }

        return output.ToString();
    }

    static void AppendWord(StringBuilder output, string word, bool isFirst)
    {
        bool isAbbreviated = output.Length > 0 && output[^1] is '\'' or '’'; // the m of I'M
        if ((isFirst && !isAbbreviated) || word == "I")
            output.Append(char.ToUpperInvariant(word[0])).Append(word[1..].ToLowerInvariant());
        else
            output.Append(word.ToLowerInvariant());
    }

    /// <summary>
    /// One l between capitals was an I. Two in a row were not, where a word of English is: TlME is TIME, HEllO is HELLO; a word of
    /// nothing but l and the signs of Roman numbers is one.
    /// </summary>
    static string Repaired(string word)
    {
        if (!word.Contains('l', StringComparison.Ordinal))
            return word;
        if (word.AsSpan().IndexOfAnyExcept("lIVX") < 0)
            return word.Replace('l', 'I');
        return word.Replace("ll", "LL", StringComparison.Ordinal).Replace('l', 'I');
    }
}
