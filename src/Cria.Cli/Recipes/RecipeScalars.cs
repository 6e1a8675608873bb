using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Cria.Cli.Frame;

namespace Cria.Cli.Recipes;

/// <summary>Single values of a recipe, from text and to text.</summary>
static class RecipeScalars
{
    static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static bool TryParse(string text, Type type, [NotNullWhen(true)] out object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (type == typeof(string))
            value = text;
        else if (type == typeof(bool))
            value = text is "true" or "True" ? true : text is "false" or "False" ? false : null;
        else if (type == typeof(TimeSpan))
            value = Numbers.TryDuration(text, out TimeSpan duration) ? duration : null;
        else if (type.IsEnum)
            value = Array.Find(Enum.GetNames(type), name => Snake(name) == text) is { } name ? Enum.Parse(type, name) : null;
        else if (type == typeof(float) || type == typeof(double))
            value = Real(text, type);
        else
            value = Whole(text, type);
        return value is not null;
    }

    /// <summary>What messages say of the type.</summary>
    public static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return $"one of {string.Join(", ", Enum.GetNames(type).Select(Snake))}";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => "a text",
            TypeCode.Boolean => "true or false",
            TypeCode.Single or TypeCode.Double => "a number such as 3e-4",
            TypeCode.Int32 or TypeCode.Int64 => "a whole number such as 1000, 8_000_000, 1e6 or 10M",
            TypeCode.UInt32 or TypeCode.UInt64 => "a whole number from 0 up, such as 1000, 1e6 or 10M",
            _ when type == typeof(TimeSpan) => "a time such as 90s, 15m or 1h30m",
            _ => type.Name,
        };
    }

    /// <summary>The text that <see cref="TryParse"/> reads back equal.</summary>
    public static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.TotalSeconds.ToString("0.#######", Culture) + "s",
        Enum choice => Snake(choice.ToString()),
        IFormattable number => number.ToString(null, Culture), // the shortest text that reads back equal
        _ => value.ToString() ?? "",
    };

    static object? Real(string text, Type type)
    {
        if (!double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, Culture, out double real)
            || !double.IsFinite(real))
        {
            return null;
        }

        if (type == typeof(double))
            return real;
        // From the text, not from the double: rounding twice may not give the nearest float.
        float single = float.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, Culture);
        return float.IsFinite(single) ? single : null;
    }

    static object? Whole(string text, Type type)
    {
        if (!Numbers.TryCount(text, out decimal count))
            return null;
        try
        {
            return Convert.ChangeType(count, type, Culture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
