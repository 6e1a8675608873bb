using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cria.Cli.Frame;

/// <summary>Numbers as people write them: <c>8_000_000</c>, <c>1e6</c>, <c>10M</c>;
/// durations: <c>90s</c>, <c>3h</c>, <c>1h30m</c>.</summary>
static class Numbers
{
    /// <summary>An option that takes a count of at least <paramref name="least"/>.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What stands for its value in the help.</param>
    /// <param name="description">What it says.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="without">The value where the option is not given; null shows none, and 0 is read.</param>
    /// <param name="example">What somebody who gave none may have meant; <paramref name="without"/> or 1000 if left out.</param>
    public static Option<int> Count(string name, string helpName, string description, int least, int? without = null, int? example = null)
    {
        Option<int> option = new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result => (int)Parse(result, name, least, int.MaxValue, Math.Max(least, example ?? without ?? 1000)),
        };
        if (without is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>An option that takes a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<double> Real(string name, string helpName, string description, double without, double least, double most) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            DefaultValueFactory = _ => without,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                bool read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
                if (!read || !(value >= least && value <= most))
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} got '{text}'; expected a number from {least} to {most}, such as {without}."));
                return value;
            },
        };

    /// <summary>An option that takes a seed; null where it is not given.</summary>
    public static Option<ulong?> Seed(string name, string helpName, string description) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
                    return seed;
                result.AddError($"{name} got '{text}'; expected a whole number from 0 to {ulong.MaxValue}, such as 1337.");
                return null;
            },
        };

    /// <summary>The whole number that the text means.</summary>
    public static bool TryCount(string text, out decimal count)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        decimal unit = 1;
        if (digits.Length > 1 && Unit(digits[^1]) is { } suffix)
            (digits, unit) = (digits[..^1], suffix);
        count = 0;
        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value))
            return false;
        try
        {
            count = value * unit;
        }
        catch (OverflowException)
        {
            return false;
        }

        return count == decimal.Truncate(count);
    }

    /// <summary>The time that the text means: numbers with units d, h, m, s, from the largest unit down.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        double seconds = 0, lastUnit = double.MaxValue;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOfAny("dhms");
            if (end < 1 || !double.TryParse(rest[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return false;
            double unit = rest[end] switch { 'd' => 86_400, 'h' => 3600, 'm' => 60, _ => 1 };
            if (unit >= lastUnit)
                return false;
            (seconds, lastUnit) = (seconds + number * unit, unit);
            rest = rest[(end + 1)..];
        }

        if (lastUnit == double.MaxValue || seconds > TimeSpan.MaxValue.TotalSeconds / 2)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    static decimal Parse(ArgumentResult result, string name, int least, long most, int example)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (TryCount(text, out decimal count) && count >= least && count <= most)
            return count;
        result.AddError($"{name} got '{text}'; expected a whole number from {least} to {most}, such as {example}.");
        return least;
    }

    static decimal? Unit(char letter) => letter switch
    {
        'k' or 'K' => 1_000,
        'M' => 1_000_000,
        'B' or 'G' => 1_000_000_000,
        _ => null,
    };
}
