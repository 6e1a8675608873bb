using System.Text;

namespace Cria.Data.Cleaning.Steps;

/// <summary>Runs of empty lines become one; empty lines at both ends of the text go.</summary>
public sealed class BlankLines : ICleaningStep
{
    /// <inheritdoc/>
    public string Name => "blank lines collapsed";

    /// <inheritdoc/>
    public string Apply(string text)
    {
        ReadOnlySpan<char> inside = text.AsSpan().Trim('\n');
        if (inside.Length == text.Length && !text.Contains("\n\n\n", StringComparison.Ordinal))
            return text;

        var output = new StringBuilder(inside.Length);
        int run = 0;
        foreach (char c in inside)
        {
            run = c == '\n' ? run + 1 : 0;
            if (run <= 2)
                output.Append(c);
        }

        return output.ToString();
    }
}
