using System.Globalization;
using Cria.Cli.Frame;

namespace Cria.Cli.Sweeps;

/// <summary>One <c>--over PATH=…</c>: a place in the recipe, and what is tried there.</summary>
/// <param name="Path">As <c>--set</c> takes it.</param>
/// <param name="Values">What is tried, as it would stand in the recipe; of a range its two ends.</param>
/// <param name="Range">Whether values are drawn between the two ends, and how.</param>
sealed record SweepAxis(string Path, IReadOnlyList<string> Values, SweepRange Range)
{
    const int MostValues = 1000;

    /// <summary>The last word of the path, which names runs and columns.</summary>
    public string ShortName => Path[(Path.LastIndexOf('.') + 1)..];

    /// <param name="text"><c>PATH=A,B,C</c>, <c>PATH=LOW..HIGH</c> or <c>PATH=log:LOW..HIGH</c>.</param>
    /// <exception cref="UsageException">It is none of them.</exception>
    public static SweepAxis Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string path = equals < 1 ? "" : text[..equals].Trim(), values = text[(equals + 1)..].Trim();
        if (path.Length == 0 || values.Length == 0)
            throw new UsageException($"--over got '{text}'; expected PATH=VALUES, such as optimizer.learning_rate=1e-4,3e-4,1e-3, or a range " +
                "for --random: optimizer.learning_rate=log:1e-4..1e-2.");
        if (values.Contains("..", StringComparison.Ordinal) && !values.Contains(',', StringComparison.Ordinal))
            return Ranged(path, values, text);
        IReadOnlyList<string> list = Split(values);
        if (list.Count > MostValues || list.Any(value => value.Length == 0) || list.Distinct().Count() != list.Count)
            throw new UsageException($"--over got '{text}'; expected up to {MostValues} values, no two the same and none empty, between commas.");
        return new(path, list, SweepRange.None);
    }

    /// <summary>A value between the ends, or one of the list.</summary>
    /// <param name="share">From 0 to 1, evenly distributed.</param>
    public string At(double share)
    {
        if (Range == SweepRange.None)
            return Values[Math.Min((int)(share * Values.Count), Values.Count - 1)];
        double low = Number(Values[0])!.Value, high = Number(Values[1])!.Value;
        double value = Range == SweepRange.Logarithmic ? low * Math.Pow(high / low, share) : low + (high - low) * share;
        return value.ToString("G4", CultureInfo.InvariantCulture); // more digits than anybody could tell apart
    }

    /// <summary>The value as a number, null where it is none.</summary>
    public static double? Number(string value) =>
        double.TryParse(value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) ? number : null;

    /// <summary>Whether values lie apart by factors rather than by differences: over so wide a range, or with more even factors.</summary>
    /// <param name="values">In order.</param>
    public static bool AreFactorsApart(IReadOnlyList<double> values)
    {
        const double wide = 8;
        if (values.Count < 2 || values[0] <= 0)
            return false;
        return values[^1] / values[0] >= wide
            || (values.Count > 2 && Unevenness([.. values.Select(value => Math.Log(value))]) < Unevenness(values) * (1 - 1e-6));

        static double Unevenness(IReadOnlyList<double> at)
        {
            double[] gaps = [.. at.Skip(1).Select((value, i) => value - at[i])];
            return gaps.Max() / gaps.Min();
        }
    }

    static SweepAxis Ranged(string path, string values, string text)
    {
        bool isLogarithmic = values.StartsWith("log:", StringComparison.Ordinal);
        string[] ends = (isLogarithmic ? values[4..] : values).Split("..");
        if (ends.Length != 2 || Number(ends[0]) is not { } low || Number(ends[1]) is not { } high
            || !(low < high) || (isLogarithmic && !(low > 0)))
            throw new UsageException($"--over got '{text}'; expected a range such as 0.1..1 or log:1e-4..1e-2, the lower end first" +
                (isLogarithmic ? " and above 0." : "."));
        return new(path, ends, isLogarithmic ? SweepRange.Logarithmic : SweepRange.Linear);
    }

    // A comma inside brackets or quotes is the value's own.
    static List<string> Split(string values)
    {
        var list = new List<string>();
        int depth = 0, start = 0;
        char quote = '\0';
        for (int i = 0; i <= values.Length; i++)
        {
            char c = i < values.Length ? values[i] : ',';
            if (quote != '\0' && i < values.Length)
                quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'')
                quote = c;
            else if (c is '[' or '{')
                depth++;
            else if (c is ']' or '}')
                depth--;
            else if (c == ',' && (depth == 0 || i == values.Length))
            {
                list.Add(values[start..i].Trim());
                start = i + 1;
            }
        }
        return list;
    }
}

enum SweepRange
{
    /// <summary>A list of values.</summary>
    None,

    /// <summary>Every value as likely.</summary>
    Linear,

    /// <summary>Every factor as likely.</summary>
    Logarithmic,
}
