using System.Globalization;
using Cria.Reports;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>What is known of a session, in words, for pages and event files; what nobody knows is left out.</summary>
static class SessionText
{
    public static IReadOnlyList<(string Name, string Value)> Lines(SessionFacts session)
    {
        (string Name, string Value)[] facts =
        [
            ("version", session.Version),
            ("machine", session.Machine),
            ("memory of the machine", session.MachineMemory > 0 ? Human.Bytes(session.MachineMemory) : ""),
            ("kernels", session.Kernels),
            ("threads", session.Threads > 0 ? session.Threads.ToString(CultureInfo.InvariantCulture) : ""),
            ("parameters", session.Parameters > 0 ? session.Parameters.ToString("N0", CultureInfo.InvariantCulture) : ""),
            ("tokens a step", session.TokensPerStep > 0 ? session.TokensPerStep.ToString("N0", CultureInfo.InvariantCulture) : ""),
            ("planned steps", session.PlannedSteps > 0 ? session.PlannedSteps.ToString("N0", CultureInfo.InvariantCulture) : ""),
            ("FLOPs a token", session.FlopsPerToken > 0 ? Human.Count(session.FlopsPerToken) : ""),
            ("peak", session.PeakGflops > 0 ? $"{Human.Number(session.PeakGflops)} GFLOP/s" : "not known"),
        ];
        return [.. facts.Where(fact => fact.Value.Length > 0)];
    }

    /// <summary>The formula behind every share of the peak that is shown, with this run's numbers in it.</summary>
    public static string Formula(SessionFacts session) => Formulas([session])[0];

    /// <summary>The same of several sessions: a sentence for each count of FLOPs, with all the peaks that were measured.</summary>
    public static List<string> Formulas(IEnumerable<SessionFacts> sessions) =>
        [.. sessions.GroupBy(session => (session.FlopsFormula, session.PeakSource, IsKnown: double.IsFinite(session.ShareOfPeak(1))))
            .Select(alike => alike.Key switch
        {
            { IsKnown: true } => $"Share of the peak (MFU) = tokens/s × FLOPs a token ÷ peak. FLOPs a token: {alike.Key.FlopsFormula}. " +
                $"Peak: {Peaks([.. alike.Select(session => session.PeakGflops)])} GFLOP/s, {alike.Key.PeakSource}.",
            { FlopsFormula: "" } => "The share of the peak (MFU) is not known: this run did not record the FLOPs of a token.",
            _ => $"The share of the peak (MFU) is not known, because the peak of this machine is not. FLOPs a token: {alike.Key.FlopsFormula}.",
        })];

    static string Peaks(double[] peaks) => Human.Number(peaks.Min()) is var low && Human.Number(peaks.Max()) is var high && low != high ? $"{low} to {high}" : low;
}
