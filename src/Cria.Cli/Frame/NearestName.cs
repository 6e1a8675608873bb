namespace Cria.Cli.Frame;

/// <summary>What a person probably meant.</summary>
static class NearestName
{
    /// <summary>The name with the fewest typing errors between, or null where none is near.</summary>
    public static string? Of(string word, IEnumerable<string> names)
    {
        string? best = null;
        int fewest = Math.Max(2, word.Length / 3) + 1;
        foreach (string name in names)
        {
            int errors = Errors(word, name);
            if (errors < fewest && errors < name.Length)
                (best, fewest) = (name, errors);
        }

        return best;
    }

    /// <summary><c>; did you mean 'NAME'?</c> or the whole list, to end a sentence with.</summary>
    public static string Hint(string word, IReadOnlyCollection<string> names) => Of(word, names) is { } name
        ? $"did you mean '{name}'?"
        : names.Count == 0 ? "none is expected here." : $"expected one of {string.Join(", ", names)}.";

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (Damerau 1964, optimal string alignment).</summary>
    static int Errors(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
