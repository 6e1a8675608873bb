using Cria.Evaluation.Statistics;
using Cria.Training;

namespace Cria.Cli.Comparisons;

/// <summary>All arms against each other, over the seeds that all of them have.</summary>
/// <param name="Converged">Those that are ranked.</param>
/// <param name="Diverged">Those that come last.</param>
sealed record ArmRanking(IReadOnlyList<Arm> Arms, ulong[] Seeds, List<Arm> Converged, List<Arm> Diverged, double Confidence)
{
    /// <exception cref="TrainingException">They have too few seeds in common, other validation text, or all but one diverged.</exception>
    public static ArmRanking Of(IReadOnlyList<Arm> arms, double confidence)
    {
        var found = Unchecked(arms, confidence);
        if (found.Seeds.Length < 2)
            throw new TrainingException($"ranking needs two seeds or more that all {arms.Count} arms have, and they have {found.Seeds.Length}; train the same seeds of every arm.");
        if (arms.FirstOrDefault(arm => !Premise.IsSameText(arms[0].First, arm.First)) is { } other)
            throw new TrainingException($"{other.Name} was not measured on the validation text of {arms[0].Name}; arms are ranked on one text.");
        return found.Converged.Count >= 2 ? found : throw new TrainingException("all arms but one diverged; there is nothing to rank.");
    }

    /// <summary>Null where <see cref="Of"/> would refuse.</summary>
    public static ArmRanking? IfPossible(IReadOnlyList<Arm> arms, double confidence) =>
        Unchecked(arms, confidence) is { Seeds.Length: >= 2, Converged.Count: >= 2 } found
        && arms.All(arm => Premise.IsSameText(arms[0].First, arm.First)) ? found : null;

    public object Json() => ComparisonJson.Of(Ranking(), Converged, Unit, Confidence);

    public string Text() => $"{Arms.Count} arms, seeds {string.Join(", ", Seeds)}\n\n" + ComparisonText.Of(Ranking(), Converged, Unit, Confidence)
        + string.Concat(Diverged.Select(arm => $"  last     {arm.Name}: diverged with a seed\n"));

    bool HaveSameTokens => Arms.All(arm => arm.First.Validation.Hash == Arms[0].First.Validation.Hash);

    string Unit => HaveSameTokens ? "nats a token" : "bits per byte";

    Ranking Ranking()
    {
        bool sameTokens = HaveSameTokens;
        return Evaluation.Statistics.Ranking.Of([.. Converged.Select(Losses)], Confidence);

        IReadOnlyList<double> Losses(Arm arm) =>
            [.. Seeds.Select(seed => arm.With(seed).Validation).Select(figures => sameTokens ? figures.NatsPerToken : figures.BitsPerByte)];
    }

    static ArmRanking Unchecked(IReadOnlyList<Arm> arms, double confidence)
    {
        ulong[] seeds = [.. arms.Skip(1).Aggregate(arms[0].Seeds, (common, arm) => common.Intersect(arm.Seeds))];
        var groups = arms.ToLookup(arm => seeds.All(seed => double.IsFinite(arm.With(seed).Validation.Nats)));
        return new(arms, seeds, [.. groups[true]], [.. groups[false]], confidence);
    }
}
