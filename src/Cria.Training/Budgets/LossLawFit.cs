using Cria.Training.Budgets.Fitting;

namespace Cria.Training.Budgets;

/// <summary>
/// Fits the law to finished runs: the logarithm of the loss, robustly. A dozen small runs cannot tell seven constants apart,
/// so each is drawn, weakly, towards what larger studies found; where the runs say otherwise, they win.
/// </summary>
public static class LossLawFit
{
    // Two runs that differ in the seed alone end within about half a hundredth of each other.
    const double Noise = 0.005;
    const double Threshold = 2; // in units of the noise

    // Where a term's size is thought of: at so many parameters, and so many bytes read.
    const double SomeParameters = 3e5, SomeBytes = 1e7;

    // The middle and the width of what is likely before any run is seen: ln E, then for body, embedding and data the logarithm of the
    // term's bits at the sizes above, and its power. Powers: Hoffmann et al. 2022, Tao et al. 2024; E: what far larger models
    // reach on prose.
    static readonly (double Middle, double Width)[] Likely =
    [
        (Math.Log(0.75), 0.25),
        (Math.Log(0.2), 0.7), (0.40, 0.08),
        (Math.Log(0.15), 0.7), (0.45, 0.12),
        (Math.Log(0.4), 0.7), (0.33, 0.06),
    ];

    /// <exception cref="TrainingException">There are too few runs.</exception>
    public static LossLaw Fit(IReadOnlyList<LadderRun> runs)
    {
        if (runs.Count < 3)
            throw new TrainingException($"a scaling law needs at least 3 finished runs, and there are {runs.Count}; run a ladder of more sizes.");
        int constants = Likely.Length;
        double[] found = RobustFit.Solve([.. Likely.Select(likely => likely.Middle)], runs.Count + constants, (at, residuals) =>
        {
            var law = Of(at);
            for (int i = 0; i < runs.Count; i++)
                residuals[i] = Math.Log(Predict(law, runs[i]) / runs[i].BitsPerByte) / Noise;
            for (int j = 0; j < constants; j++)
                residuals[runs.Count + j] = (at[j] - Likely[j].Middle) / Likely[j].Width;
        }, Threshold);
        return Of(found);
    }

    /// <summary>What the law says of a run.</summary>
    public static double Predict(LossLaw law, LadderRun run) => law.BitsPerByte(run.Body, run.Embedding, run.SeenBytes, run.UniqueBytes);

    /// <summary>The interval of something that follows from the law, over fits to samples of the runs.</summary>
    public static Interval Spread(IReadOnlyList<LadderRun> runs, Func<LossLaw, double> value) =>
        Bootstrap.Of(runs.Count, numbers => value(Fit([.. numbers.Select(i => runs[i])])));

    static LossLaw Of(ReadOnlySpan<double> x) => new(
        Math.Exp(x[0]),
        Math.Exp(x[1]) * Math.Pow(SomeParameters, x[2]), x[2],
        Math.Exp(x[3]) * Math.Pow(SomeParameters, x[4]), x[4],
        Math.Exp(x[5]) * Math.Pow(SomeBytes, x[6]), x[6]);
}
