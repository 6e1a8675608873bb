namespace Cria.Training.Stopping;

/// <summary>How long the parts of a run took lately, in seconds.</summary>
public sealed class Pace
{
    const int Window = 31;
    const int MaxUnusual = 2; // the first steps compile code and touch memory for the first time

    readonly double[] _steps = new double[Window], _sorted = new double[Window];
    int _measured;

    /// <summary>True once steps have been measured that are not the first ones.</summary>
    public bool IsSettled => _measured > MaxUnusual;

    /// <summary>
    /// The greater of the median and the mean of the latest steps, with all that goes on between them but evaluations and
    /// checkpoints; not a number before the first one. On a machine that others use too, a few steps take most of the time:
    /// the median alone would promise steps that there is no time for.
    /// </summary>
    public double Step
    {
        get
        {
            int first = _measured > MaxUnusual ? Math.Max(MaxUnusual, _measured - Window) : 0, count = _measured - first;
            if (count == 0)
                return double.NaN;
            for (int i = 0; i < count; i++)
                _sorted[i] = _steps[(first + i) % Window];
            double median = Median.Of(_sorted.AsSpan(0, count)), sum = 0;
            for (int i = 0; i < count; i++)
                sum += _sorted[i];
            return Math.Max(sum / count, median);
        }
    }

    /// <summary>Of the latest evaluation, a token; not a number before the first one.</summary>
    public double EvaluatedToken { get; private set; } = double.NaN;

    /// <summary>The longest of the checkpoints; not a number before the first one.</summary>
    public double Save { get; private set; } = double.NaN;

    public void Stepped(double seconds) => _steps[_measured++ % Window] = seconds;

    public void Evaluated(double seconds, long tokens) => EvaluatedToken = seconds / Math.Max(1, tokens);

    public void Saved(double seconds) => Save = double.IsNaN(Save) ? seconds : Math.Max(Save, seconds);
}
