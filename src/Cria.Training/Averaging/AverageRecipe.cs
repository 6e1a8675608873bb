using Cria.Engine.Graphs;
using Cria.Models;

namespace Cria.Training.Averaging;

/// <summary>What becomes of an average.</summary>
public enum AverageUse
{
    /// <summary>It is evaluated beside the weights in training, and that is all.</summary>
    Beside,

    /// <summary>It is the model that the run leaves behind.</summary>
    Final,
}

/// <summary>What an average must know of the run it belongs to.</summary>
/// <param name="WarmupSteps">Of the schedule; the first weights are too far from the last ones to be averaged with them.</param>
/// <param name="TokensPerStep">For half-lives in tokens.</param>
readonly record struct AveragingPlace(int WarmupSteps, long TokensPerStep);

/// <summary>An average of the weights that is kept while the run goes on; which of its kinds, <c>average.type</c> says.</summary>
public abstract record AverageRecipe
{
    /// <summary>What metrics call it; null calls it by its type.</summary>
    public string? Name { get; init; }

    /// <summary>Steps before the first sample; null waits for the end of the warm-up.</summary>
    public int? Start { get; init; }

    /// <summary>Steps from one sample to the next.</summary>
    public int Interval { get; init; } = 1;

    public AverageUse Use { get; init; }

    /// <summary>The name in use.</summary>
    public string Label => Name ?? Kind;

    protected abstract string Kind { get; }

    /// <summary>The bytes that <see cref="Create"/> allocates.</summary>
    public abstract long StateBytes(ParameterStore store);

    internal abstract IAverager Create(ParameterStore store, AveragingPlace place);

    /// <exception cref="ConfigException">A value cannot be; the message names it and the remedy.</exception>
    public virtual void Check()
    {
        if (Interval < 1)
            throw new ConfigException($"average.interval {Interval} is less than 1 step.");
        if (Start is < 1)
            throw new ConfigException($"average.start {Start} is less than 1 step.");
        if (Label.Length == 0 || !Label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            throw new ConfigException($"average.name '{Label}' is not made of small letters, digits and _.");
    }

    /// <summary>The step after which there is something to evaluate.</summary>
    public virtual int StepsToFirst(int warmupSteps) => Start ?? Math.Max(1, warmupSteps);

    private protected int StartAt(AveragingPlace place) => Start ?? Math.Max(1, place.WarmupSteps);
}
