using System.Globalization;
using System.Text;

namespace Cria.Data.Cleaning.Steps;

/// <summary>Runs of spaces inside a line become one space; spaces at both ends of a line go.</summary>
public sealed class Spaces : ICleaningStep
{
    /// <inheritdoc/>
    public string Name => "spaces collapsed";

    /// <inheritdoc/>
    public string Apply(string text)
    {
        int first = FirstFault(text);
        if (first < 0)
            return text;

        var output = new StringBuilder(text, 0, first, text.Length);
        bool isPending = false; // a space that is written only if something follows in its line
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            if (IsSpace(c))
            {
                isPending = output.Length > 0 && output[^1] != '\n';
                continue;
            }

            if (isPending && c != '\n')
                output.Append(' ');
            isPending = false;
            output.Append(c);
        }

        return output.ToString();
    }

    static int FirstFault(string text)
    {
        char before = '\n';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isSpace = IsSpace(c);
            if (isSpace && (c != ' ' || before == '\n' || before == ' '))
                return i - (before == ' ' ? 1 : 0); // from the first space of the run on
            if (c == '\n' && before == ' ')
                return i - 1;
            before = c;
        }

        return before == ' ' ? text.Length - 1 : -1;
    }

    static bool IsSpace(char c) =>
        c < 0x80 ? c is ' ' or '\t' : char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator;
}
