using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Engine.Graphs.Ops;

namespace Cria.Cli.Verbs;

/// <summary>How several models become one: <c>--average</c> and <c>--weights</c>.</summary>
static class EnsembleOptions
{
    public static readonly Option<string?> Average = new("--average")
    {
        Description = "With several models: what of them is averaged into one prediction; logits if not given.",
    };

    public static readonly Option<string?> Weights = new("--weights")
    {
        HelpName = "2,1",
        Description = "With several models: what each counts in the mean, in their order; all alike if not given.",
    };

    static EnsembleOptions() => Average.AcceptOnlyFromAmong("logits", "probabilities");

    /// <summary>What was asked for; no weights where none were given.</summary>
    /// <exception cref="UsageException">It does not suit so many models.</exception>
    public static (EnsembleMean Mean, double[] Weights) Read(ParseResult parsed, int models)
    {
        double[] weights = [.. (parsed.GetValue(Weights)?.Split(',') ?? []).Select(Weight)];
        if (models == 1 && (weights.Length > 0 || parsed.GetValue(Average) is not null))
            throw new UsageException("--average and --weights are for several models, and one is named.");
        if (weights.Length > 0 && weights.Length != models)
            throw new UsageException($"--weights has {weights.Length} numbers and {models} models are named; give one to each.");
        return (parsed.GetValue(Average) == "probabilities" ? EnsembleMean.Probabilities : EnsembleMean.Logits, weights);
    }

    static double Weight(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) && weight > 0 && double.IsFinite(weight)
            ? weight
            : throw new UsageException($"--weights has '{text}', which is not a number above 0; weights are separated by commas, such as 2,1.");
}
