namespace Cria.Reports.Charts;

/// <summary>Maps an axis onto the drawing: value to position, with ticks at round numbers.</summary>
sealed class Scale
{
    readonly bool _isLogarithmic;
    readonly double _low, _high; // of the value, or of its logarithm
    readonly double _from, _to; // positions

    /// <param name="axis">What it shows.</param>
    /// <param name="values">Everything that must be visible; values the axis cannot show are passed over.</param>
    /// <param name="from">Where the lower end lies.</param>
    /// <param name="to">Where the upper end lies.</param>
    /// <param name="wantedTicks">About how many ticks there is room for.</param>
    /// <param name="isRounded">Whether ends that the axis leaves open go out to the next round number.</param>
    public Scale(Axis axis, IEnumerable<double> values, double from, double to, int wantedTicks, bool isRounded)
    {
        _isLogarithmic = axis.Kind == AxisKind.Logarithmic;
        (double low, double high) = Range(axis, values);
        if (isRounded)
            (low, high) = Rounded(axis, low, high, wantedTicks);

        Ticks = _isLogarithmic
            ? Charts.Ticks.Logarithmic(low, high, wantedTicks, axis.Format)
            : Charts.Ticks.Linear(low, high, wantedTicks, axis.Format);
        (_low, _high) = (Inner(low), Inner(high));
        (_from, _to) = (from, to);
    }

    public IReadOnlyList<Tick> Ticks { get; }

    /// <summary>The position of a value, which may lie outside the ends.</summary>
    public double At(double value) => _from + ((Inner(value) - _low) / (_high - _low) * (_to - _from));

    /// <summary>The position of a value, or of the nearer end.</summary>
    public double Inside(double value) => Math.Clamp(At(value), Math.Min(_from, _to), Math.Max(_from, _to));

    double Inner(double value) => _isLogarithmic ? Math.Log10(value) : value;

    static (double Low, double High) Range(Axis axis, IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (axis.CanShow(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (low > high)
            (low, high) = axis.Kind == AxisKind.Logarithmic ? (1, 10) : (0, 1);
        if (axis.Minimum is { } minimum && axis.CanShow(minimum))
            low = minimum;
        if (axis.Maximum is { } maximum && axis.CanShow(maximum))
            high = maximum;

        // A range must have room for more than one double between its ends, and must not overflow.
        (low, high) = (Math.Clamp(low, -1e300, 1e300), Math.Clamp(high, -1e300, 1e300));
        if (high - low > Math.Max(Math.Abs(low), Math.Abs(high)) * 1e-9)
            return (low, high);
        double room = low == 0 ? 1 : Math.Abs(low) * 0.1;
        return (low - room, low + room);
    }

    static (double Low, double High) Rounded(Axis axis, double low, double high, int wantedTicks)
    {
        double down = low, up = high;
        if (axis.Kind == AxisKind.Logarithmic)
        {
            double lowest = Math.Pow(10, Math.Floor(Math.Log10(low)));
            double highest = Math.Pow(10, Math.Floor(Math.Log10(high)));
            down = lowest * (low >= 5 * lowest ? 5 : low >= 2 * lowest ? 2 : 1);
            up = highest * (high <= highest ? 1 : high <= 2 * highest ? 2 : high <= 5 * highest ? 5 : 10);
        }
        else
        {
            double step = Charts.Ticks.Step(high - low, wantedTicks);
            (down, up) = (Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step);
        }

        return (axis.Minimum ?? down, axis.Maximum ?? up);
    }
}
