using System.Globalization;

namespace Cria.Reports.Charts;

readonly record struct Tick(double Value, string Label);

/// <summary>Round numbers on an axis: 1, 2 or 5 times a power of ten.</summary>
static class Ticks
{
    static readonly int[] Mantissas = [1, 2, 5];

    /// <summary>The round step that cuts the range into about <paramref name="wanted"/> parts.</summary>
    public static double Step(double range, int wanted)
    {
        double rough = range / Math.Max(1, wanted);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double mantissa = rough / power;
        return power * (mantissa < 1.4 ? 1 : mantissa < 3.1 ? 2 : mantissa < 7 ? 5 : 10);
    }

    /// <summary>The multiples of a round step inside the range, both ends included.</summary>
    public static List<Tick> Linear(double low, double high, int wanted, AxisFormat format)
    {
        double step = Step(high - low, wanted);
        double first = Math.Ceiling((low / step) - 1e-9);
        var ticks = new List<Tick>();
        for (int i = 0; i < 100 && (first + i) * step <= high + (step * 1e-9); i++)
        {
            // Multiplying by a step below one leaves dust in the last digits; dividing by its inverse does not.
            double value = step < 1 ? (first + i) / Math.Round(1 / step) : (first + i) * step;
            ticks.Add(new Tick(value, Label(value, step, Math.Max(Math.Abs(low), Math.Abs(high)), format)));
        }

        return ticks;
    }

    /// <summary>Powers of ten over wide ranges, with their doubles and fivefolds over narrow ones; a range too narrow
    /// for three of those has linear ticks.</summary>
    public static List<Tick> Logarithmic(double low, double high, int wanted, AxisFormat format)
    {
        int from = (int)Math.Floor(Math.Log10(low) + 1e-9), to = (int)Math.Ceiling(Math.Log10(high) - 1e-9);
        int decades = to - from;
        ReadOnlySpan<int> mantissas = decades <= 3 ? Mantissas : [1];
        var ticks = new List<Tick>();
        // Ends that lie between the powers may leave too few of them: then the next finer stride.
        for (int stride = Math.Max(1, (decades + wanted - 1) / wanted); stride > 0 && ticks.Count < 3; stride--)
        {
            ticks.Clear();
            for (int power = from; power <= to; power += stride)
            {
                foreach (int mantissa in mantissas)
                {
                    double unit = Math.Pow(10, power), value = mantissa * unit;
                    if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                        ticks.Add(new Tick(value, Label(value, unit, value, format)));
                }
            }
        }

        return ticks.Count >= 3 ? ticks : Linear(low, high, wanted, format);
    }

    static string Label(double value, double step, double largest, AxisFormat format)
    {
        if (format == AxisFormat.Percent)
            (value, step, largest) = (value * 100, step * 100, 0);
        if (largest >= 10_000)
            return value == 0 ? "0" : Human.Count(value);
        if (step < 1e-4)
            return value == 0 ? "0" : value.ToString("0.###e0", CultureInfo.InvariantCulture);

        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 10);
        string number = value.ToString("N" + decimals, CultureInfo.InvariantCulture);
        return (number.StartsWith('-') ? "−" + number[1..] : number) + (format == AxisFormat.Percent ? " %" : "");
    }
}
