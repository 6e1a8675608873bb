using Cria.Training;

namespace Cria.Cli.Records;

/// <summary>An entry trained again, and what came of it.</summary>
/// <param name="BitsPerByte">This time.</param>
/// <param name="Difference">From the entry's.</param>
/// <param name="IsSameModel">Whether every bit of the weights is the same.</param>
/// <param name="Seconds">This time, on this machine.</param>
/// <param name="PeakGflops">Of this machine.</param>
/// <param name="SecondsThere">What these seconds would be on the entry's machine, if machines differed in their peaks alone; null where
/// its peak is not known.</param>
sealed record SecondTraining(
    double BitsPerByte, double Difference, bool IsSameModel, double Seconds, double PeakGflops, double? SecondsThere)
{
    /// <summary>Bits per byte by which instruction sets may differ: they add up in other orders.</summary>
    public const double Tolerance = 1e-4;

    /// <param name="records">The folder of the records.</param>
    /// <param name="folder">The entry's.</param>
    /// <param name="run">Where to train.</param>
    /// <param name="resume">Go on with what is there.</param>
    /// <returns>Null if it was interrupted.</returns>
    /// <exception cref="TrainingException">Another figure comes out, or on the same kernels and program another model.</exception>
    public static SecondTraining? Of(string records, string folder, string run, bool resume, CancellationToken cancellation)
    {
        var (entry, recipe, track) = EntryCheck.Read(records, folder);
        var corpus = TrackCorpus.Open(TrackList.Read(records), track, Path.Combine(run, "corpus"));
        var again = new TrackRun(track, corpus, run);
        if (!again.Train(recipe, recipe.Stop?.Time is null ? null : entry.Estimates, resume, cancellation))
            return null;
        var result = again.Result;
        double bits = result.Validation.BitsPerByte, peak = again.Metrics.Session.PeakGflops;
        bool isSame = again.ModelSha256 == entry.ModelSha256;
        if (result.Steps != entry.Steps || result.Tokens != entry.Tokens || result.Parameters != entry.Parameters
            || result.FlopsPerToken != entry.FlopsPerToken)
            throw new TrainingException($"{folder} says {entry.Steps:N0} steps, {entry.Tokens:N0} tokens and {entry.Parameters:N0} parameters, and its recipe has " +
                $"{result.Steps:N0}, {result.Tokens:N0} and {result.Parameters:N0} when it is trained again; the entry does not hold.");
        if (!(Math.Abs(bits - entry.BitsPerByte) <= Tolerance))
            throw new TrainingException($"{folder} says {entry.BitsPerByte:F5} bits per byte, and trained again its recipe reaches {bits:F5}; the entry does not hold.");
        if (!isSame && result.Kernels == entry.Kernels && result.Program == entry.Program)
            throw new TrainingException($"{folder} names a model with the sha256 {entry.ModelSha256}, and the same program on the same instruction set makes {again.ModelSha256}; the entry does not hold.");
        return new(bits, bits - entry.BitsPerByte, isSame, result.ClockSeconds, peak,
            entry.PeakGflops > 0 ? result.ClockSeconds * peak / entry.PeakGflops : null);
    }
}
