namespace Cria.Reports.Charts;

/// <summary>A point of a curve. What is not a finite number is left out and leaves a gap.</summary>
public readonly record struct DataPoint(double X, double Y);

/// <summary>One curve of a <see cref="LineChart"/>.</summary>
/// <param name="Name">The legend's word.</param>
/// <param name="Points">In ascending order of X; may be empty.</param>
public sealed record Series(string Name, IReadOnlyList<DataPoint> Points)
{
    /// <summary>The width of the smoothing line as a share of the curve's points: 0 draws the points themselves, 0.01 a
    /// Gaussian window of about a hundredth of them, with the points faint behind it.</summary>
    public double Smoothing { get; init; }
}

/// <summary>A horizontal line with its label, such as a baseline or a floor.</summary>
public sealed record ReferenceLine(double Value, string Label);

/// <summary>Something that happened at a place of the horizontal axis.</summary>
/// <param name="X">Where.</param>
/// <param name="Label">A word or two.</param>
/// <param name="Tip">What exactly, for whoever points at it; may be empty.</param>
public sealed record Mark(double X, string Label, string Tip = "");
