using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Runs of spaces, tabs and no-break spaces become one space, and none stays before <c>. , ; ! ?</c>.</summary>
static class ExtraSpaces
{
    public static string Remove(string text)
    {
        var output = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (!IsSpace(text[i]))
            {
                output.Append(text[i]);
                continue;
            }

            while (i + 1 < text.Length && IsSpace(text[i + 1]))
                i++;
            if (i + 1 == text.Length || text[i + 1] is not ('.' or ',' or ';' or '!' or '?'))
                output.Append(' ');
        }

        return output.ToString();
    }

    static bool IsSpace(char c) => c is ' ' or '\t' or '\u00A0';
}
