using System.Globalization;
using Cria.Cli.Results;
using Cria.Reports;

namespace Cria.Cli.Comparisons;

/// <summary>What must hold for a difference to mean what it seems to.</summary>
/// <param name="Holds">Null where it cannot be told.</param>
/// <param name="Finding">What was found, in words.</param>
sealed record Premise(string Name, bool? Holds, string Finding)
{
    const double TokenShare = 1e-3, FlopShare = 0.01, TimeShare = 0.03, ParameterShare = 0.01;

    public static IReadOnlyList<Premise> Of(Arm a, Arm b, IReadOnlyList<ulong> seeds) =>
    [
        Validation(a.First, b.First),
        new("same tokenizer", a.First.TokenizerHash == b.First.TokenizerHash,
            a.First.TokenizerHash == b.First.TokenizerHash ? "yes" : "no: bits per byte are compared, since nats a token are not of the same tokens"),
        new("same training data", a.First.DataHash == b.First.DataHash, a.First.DataHash == b.First.DataHash ? "yes" : "no: what differs may be the data"),
        Equal("equal tokens", a, b, run => run.Tokens, TokenShare, Human.Count),
        Equal("equal FLOPs", a, b, run => run.TrainingFlops, FlopShare, Human.Count),
        Minutes(a, b),
        Equal("parameters within 1 %", a, b, run => run.Parameters, ParameterShare, Human.Count),
        new("two seeds or more", seeds.Count >= 2, $"{seeds.Count} in common: {string.Join(", ", seeds)}"),
        Interior(a, b),
    ];

    static Premise Validation(FinishedRun a, FinishedRun b) => new("same validation set",
        IsSameText(a, b),
        a.Validation.Hash == b.Validation.Hash ? $"yes, {a.Validation.Tokens:N0} tokens"
        : IsSameText(a, b) ? $"cut by different tokenizers; both have {a.Validation.Bytes:N0} bytes of text"
        : $"no: {a.Validation.Bytes:N0} and {b.Validation.Bytes:N0} bytes of text");

    /// <summary>Whether two losses are of the same text, as far as can be told.</summary>
    public static bool IsSameText(FinishedRun a, FinishedRun b) => a.Validation.Hash == b.Validation.Hash
        || (a.TokenizerHash != b.TokenizerHash && a.Validation.Bytes == b.Validation.Bytes && a.Validation.Bytes > 0);

    static Premise Equal(string name, Arm a, Arm b, Func<FinishedRun, double> value, double tolerance, Func<double, string> words)
    {
        double left = a.Runs.Average(run => value(run.Result)), right = b.Runs.Average(run => value(run.Result));
        bool holds = Math.Abs(left - right) <= tolerance * Math.Max(left, right);
        return new(name, holds, holds ? $"yes, {words(left)}" : $"no: {words(left)} and {words(right)}, {Factor(right / left)} ×");
    }

    static Premise Minutes(Arm a, Arm b)
    {
        if (a.First.Machine != b.First.Machine || a.First.Threads != b.First.Threads)
            return new("equal minutes", null, "they were not trained on the same machine with as many threads");
        return Equal("equal minutes", a, b, run => run.TrainingSeconds, TimeShare, seconds => Human.Duration(TimeSpan.FromSeconds(seconds)));
    }

    static Premise Interior(Arm a, Arm b)
    {
        var edges = new[] { a, b }.SelectMany(arm => (arm.OnTheEdge ?? []).Select(path => $"{arm.Name}: {path}")).ToList();
        bool isKnown = a.OnTheEdge is not null && b.OnTheEdge is not null;
        return new("tuned values lie inside what was tried", edges.Count > 0 ? false : isKnown ? true : null,
            edges.Count > 0 ? $"on the edge of the search: {string.Join("; ", edges)}" : isKnown ? "yes" : "not both arms are sweeps");
    }

    static string Factor(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
