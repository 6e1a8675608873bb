using Cria.Engine.Tensors;

namespace Cria.Training.Stopping;

/// <summary>How long the parts of a run took lately, in seconds.</summary>
sealed class Pace
{
    const int Window = 31, Enough = 5;
    const int MaxUnusual = 2; // the first steps compile code and touch memory for the first time

    readonly double[] _steps = new double[Window], _sorted = new double[Window];
    double _remembered = double.NaN;
    int _measured;

    /// <summary>True once steps have been measured that are not the first ones.</summary>
    public bool IsSettled => _measured > MaxUnusual;

    /// <summary>True where an earlier process knew a step's time, or this one has measured several after the first ones.</summary>
    public bool IsKnown => !double.IsNaN(_remembered) || _measured >= MaxUnusual + Enough;

    /// <summary>The mean of the latest steps in units of their median, less one: 0 where all take the same time.</summary>
    public double Unevenness { get; private set; }

    /// <summary>
    /// The greater of the median and the mean of the latest steps, with all that goes on between them but evaluations and
    /// checkpoints; not a number before the first one. On a machine that others use too, a few steps take most of the time:
    /// the median alone would promise steps that there is no time for.
    /// </summary>
    public double Step
    {
        get
        {
            if (!double.IsNaN(_remembered) && !IsSettled)
                return _remembered; // this process has compiled nothing yet
            int first = _measured > MaxUnusual ? Math.Max(MaxUnusual, _measured - Window) : 0, count = _measured - first;
            if (count == 0)
                return double.NaN;
            for (int i = 0; i < count; i++)
                _sorted[i] = _steps[(first + i) % Window];
            double median = Median.Of(_sorted.AsSpan(0, count)), sum = 0;
            for (int i = 0; i < count; i++)
                sum += _sorted[i];
            double measured = Math.Max(sum / count, median);
            Unevenness = median > 0 ? measured / median - 1 : 0;
            return count < Enough && _remembered > measured ? _remembered : measured;
        }
    }

    /// <summary>Of the latest evaluation, a token; not a number before the first one.</summary>
    public double EvaluatedToken { get; private set; } = double.NaN;

    /// <summary>The longest that training stood still for a checkpoint; not a number before the first one.</summary>
    public double Save { get; private set; } = double.NaN;

    /// <summary>The longest that a checkpoint took to reach the disk, in the background or not; NaN before the first one.</summary>
    public double Write { get; private set; } = double.NaN;

    public void Stepped(double seconds) => _steps[_measured++ % Window] = seconds;

    public void Evaluated(double seconds, long tokens) => EvaluatedToken = seconds / Math.Max(1, tokens);

    public void Saved(double seconds) => Save = double.IsNaN(Save) ? seconds : Math.Max(Save, seconds);

    public void Written(double seconds) => Write = double.IsNaN(Write) ? seconds : Math.Max(Write, seconds);

    /// <summary>Goes on from what an earlier process measured.</summary>
    public void Restore(PaceState state) => (_remembered, EvaluatedToken, Save, Write) =
        (state.Step ?? double.NaN, state.EvaluatedToken ?? double.NaN, state.Save ?? double.NaN, state.Write ?? double.NaN);
}
