using Cria.Training.Budgets.Fitting;

namespace Cria.Training.Budgets;

/// <summary>One measured shape.</summary>
public readonly record struct StepTime(StepShape Shape, double Seconds);

/// <summary>
/// The seconds of a training step as a sum over the work in it, each kind at a rate of its own. The rates are fitted to a few
/// measured shapes; where these say little of a kind, its rate stays where another machine had it, faster or slower as this machine is.
/// </summary>
public sealed class StepCost
{
    // Seconds a unit of every kind of StepShape.Work, on the machine of bench/results: the shares are what matters, the size is fitted.
    static readonly double[] Usual = [3e-5, 1.75e-11, 2.0e-10, 1.6e-11, 1.5e-9, 2.9e-11, 7.6e-10, 6.2e-10];

    // A measured step is right within a few hundredths; a rate may be off its usual share by a factor of about two.
    const double Ridge = 0.05;

    readonly double[] _seconds;

    StepCost(double[] seconds) => _seconds = seconds;

    /// <summary>Seconds a unit of each kind of work, in the order of <c>StepShape.Work</c>.</summary>
    public IReadOnlyList<double> Rates => _seconds;

    /// <summary>The rates that explain what was measured, by relative errors.</summary>
    /// <param name="measured">One shape is enough to know how fast the machine is; six to ten tell the rates apart.</param>
    public static StepCost Fit(IReadOnlyList<StepTime> measured)
    {
        double[] ratios = [.. measured.Select(time => time.Seconds / Sum(time.Shape.Work(), Usual)).Order()];
        double scale = ratios[ratios.Length / 2];
        var rows = measured.Select(time =>
        {
            double[] work = time.Shape.Work();
            return work.Select((amount, kind) => amount * Usual[kind] * scale / time.Seconds).ToArray();
        }).ToList();
        double[] ones = [.. Usual.Select(_ => 1.0)];
        double[] factors = NonNegativeFit.Solve(rows, [.. measured.Select(_ => 1.0)], ones, Ridge);
        return new([.. factors.Select((factor, kind) => factor * Usual[kind] * scale)]);
    }

    /// <summary>Predicted seconds of a step.</summary>
    public double Seconds(StepShape shape) => Sum(shape.Work(), _seconds);

    /// <summary>Prediction over measurement, less one, for shapes that the fit has not seen.</summary>
    public IReadOnlyList<double> Errors(IEnumerable<StepTime> others) =>
        [.. others.Select(time => Seconds(time.Shape) / time.Seconds - 1)];

    static double Sum(double[] work, double[] seconds)
    {
        double sum = 0;
        for (int kind = 0; kind < work.Length; kind++)
            sum += work[kind] * seconds[kind];
        return sum;
    }
}
