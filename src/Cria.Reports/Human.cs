using System.Globalization;

namespace Cria.Reports;

/// <summary>Numbers as a person reads them: three significant digits and a unit, the same in every culture. What is not
/// a finite number is a dash.</summary>
public static class Human
{
    const string Dash = "–";

    static readonly string[] CountUnits = ["", "K", "M", "B", "T"];
    static readonly string[] ByteUnits = [" B", " KiB", " MiB", " GiB", " TiB"];

    /// <summary>39_596_544 is "39.6M"; below a thousand whole numbers stay as they are.</summary>
    public static string Count(double value) => Scaled(value, 1000, CountUnits);

    /// <summary>Powers of 1024: 1536 is "1.5 KiB".</summary>
    public static string Bytes(double value) => Scaled(value, 1024, ByteUnits);

    /// <summary>0.9234 is "92.3 %".</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? Invariant($"{share * 100:0.0} %") : Dash;

    /// <summary>The number to <paramref name="digits"/> significant digits, trailing zeros kept: 0.47 is "0.470".
    /// Thousands are grouped: 12345.6 is "12,346".</summary>
    public static string Number(double value, int digits = 3)
    {
        if (!double.IsFinite(value))
            return Dash;
        int magnitude = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (magnitude < -4)
            return value.ToString("0.##E0", CultureInfo.InvariantCulture);

        int decimals = Math.Clamp(digits - 1 - magnitude, 0, 15);
        return Unsigned(value.ToString("N" + decimals, CultureInfo.InvariantCulture));
    }

    /// <summary>The two largest units that matter: "0.42 s", "3 min 05 s", "1 h 02 min", "2 d 3 h".</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
            return "−" + Duration(time.Negate());

        double seconds = time.TotalSeconds;
        if (seconds < 0.0009995)
            return Invariant($"{Significant(seconds * 1e6)} µs");
        if (seconds < 0.09995)
            return Invariant($"{Significant(seconds * 1e3)} ms");
        if (seconds < 59.95)
            return Invariant($"{Significant(seconds)} s");

        long whole = (long)Math.Round(seconds);
        if (whole < 3600)
            return Invariant($"{whole / 60} min {whole % 60:00} s");

        long minutes = (long)Math.Round(seconds / 60);
        if (minutes < 24 * 60)
            return Invariant($"{minutes / 60} h {minutes % 60:00} min");

        long hours = (long)Math.Round(seconds / 3600);
        return Invariant($"{hours / 24} d {hours % 24} h");
    }

    static string Scaled(double value, double step, string[] units)
    {
        if (!double.IsFinite(value))
            return Dash;
        if (value < 0)
            return "−" + Scaled(-value, step, units);

        int unit = 0;
        while (unit < units.Length - 1 && RoundedTo3(value) >= (unit == 0 ? step : 1000))
        {
            value /= step;
            unit++;
        }

        return (unit == 0 && value == Math.Floor(value) ? Invariant($"{value:0}") : Significant(value)) + units[unit];
    }

    // Three significant digits, trailing zeros dropped; the whole part is never cut.
    static string Significant(double value) => RoundedTo3(value).ToString(
        value >= 99.95 ? "0" : value >= 9.995 ? "0.#" : "0.##", CultureInfo.InvariantCulture);

    static double RoundedTo3(double value) => Math.Round(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);

    static string Unsigned(string number) => number.StartsWith('-') ? "−" + number[1..] : number;

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
