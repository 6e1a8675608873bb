namespace Cria.Reports.Charts;

public enum AxisKind
{
    Linear,

    /// <summary>Base 10; values of zero and below are left out.</summary>
    Logarithmic,
}

public enum AxisFormat
{
    Number,

    /// <summary>Shares between 0 and 1, shown times a hundred.</summary>
    Percent,

    /// <summary>Whole numbers of things.</summary>
    Count,
}

/// <summary>What an axis means and how it runs.</summary>
/// <param name="Title">What is measured, for example "loss".</param>
/// <param name="Unit">Its unit, for example "nats per token"; may be empty.</param>
public sealed record Axis(string Title, string Unit = "")
{
    public AxisKind Kind { get; init; }

    public AxisFormat Format { get; init; }

    /// <summary>The lower end; by default the data's, at a round number on a vertical axis.</summary>
    public double? Minimum { get; init; }

    /// <summary>The upper end; by default the data's, at a round number on a vertical axis.</summary>
    public double? Maximum { get; init; }

    internal string Caption => Unit.Length == 0 ? Title : $"{Title} ({Unit})";

    internal bool CanShow(double value) => double.IsFinite(value) && (Kind == AxisKind.Linear || value > 0);

    /// <summary>A value with more digits than a tick has, for tooltips and legends.</summary>
    internal string Precise(double value) => Format switch
    {
        AxisFormat.Percent => Human.Percent(value),
        AxisFormat.Count => Human.Number(value, 1),
        _ when Math.Abs(value) >= 1000 || (value == Math.Floor(value) && Math.Abs(value) >= 10) => Human.Number(value, 1),
        _ => Human.Number(value, 4),
    };
}
