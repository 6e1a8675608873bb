using System.Globalization;
using Cria.Models;

namespace Cria.Training.Budgets;

/// <summary>
/// Throughput first, size from the budget: what every shape costs says how many tokens it can learn from in the time, and the law
/// says which of them ends lowest.
/// </summary>
public sealed class BudgetPlanner(PlanQuestion question, LossLaw law)
{
    /// <summary>Sequences computed at once fill about so many rows: more does not compute faster on a processor.</summary>
    const int RowsAtOnce = 2048;

    const int FewestSteps = 20;

    /// <summary>
    /// Parameters for each byte of text, at most. Of the runs behind the law none has so many, so it says nothing of more; and a model
    /// of one parameter a byte can keep the text by heart: parameters hold 2 to 3.6 bits (Allen-Zhu and Li 2024; Morris et al. 2025), a
    /// byte of prose about as many.
    /// </summary>
    const double MostParametersPerByte = 1;

    // Numbers kept for a parameter: weight, gradient, two moments.
    const int NumbersPerParameter = 4;

    /// <summary>With "about so many parameters", this far away at most, as a logarithm.</summary>
    const double ParameterTolerance = 0.15;

    HashSet<StepShape>? _shapes;
    List<StepShape>? _fitting;
    double? _mostParameters;

    public PlanQuestion Question => question;

    /// <summary>The parameters of the largest model that the text can teach: none larger is looked at, unless it is asked for or there
    /// is none so small.</summary>
    public double MostParameters => _mostParameters ??= question.Parameters > 0 || question.Model is not null
        ? double.PositiveInfinity
        : Math.Max(MostParametersPerByte * question.Corpus.Bytes, Fitting.Select(shape => shape.Parameters).DefaultIfEmpty(0).Min());

    public LossLaw Law => law;

    List<StepShape> Fitting => _fitting ??= [.. Models().Select(Shape).Where(Fits)];

    /// <summary>All there is to choose from.</summary>
    HashSet<StepShape> Shapes => _shapes ??= [.. Fitting.Where(shape => shape.Parameters <= MostParameters)];

    /// <summary>All candidates, the best first.</summary>
    /// <exception cref="TrainingException">None fits the memory, or none has time for a few steps.</exception>
    public IReadOnlyList<Candidate> Candidates(StepCost cost)
    {
        if (Shapes.Count == 0)
            throw new TrainingException(question.Parameters > 0
                ? $"no model of about {question.Parameters:N0} parameters fits into {question.MemoryBytes:N0} bytes; ask for fewer, or for any size."
                : $"no model fits into {question.MemoryBytes:N0} bytes of memory; free some.");
        List<Candidate> found = [.. Shapes.Where(shape => Has(shape, cost.Seconds(shape)))
            .Select(shape => Candidate(shape, cost.Seconds(shape), isMeasured: false))];
        if (found.Count == 0)
            throw TooLittleTime(cost);
        found.Sort((a, b) => a.BitsPerByte.CompareTo(b.BitsPerByte));
        return found;
    }

    /// <summary>What the law alone would pick, where that is larger than the text can teach; else null.</summary>
    /// <param name="cost">Of steps.</param>
    /// <param name="pick">Of those that were looked at.</param>
    public Candidate? Beyond(StepCost cost, Candidate pick) => Fitting
        .Where(shape => shape.Parameters > MostParameters && cost.Seconds(shape) * FewestSteps <= question.Seconds)
        .Select(shape => Candidate(shape, cost.Seconds(shape), isMeasured: false))
        .MinBy(candidate => candidate.BitsPerByte) is { } best && best.BitsPerByte < pick.BitsPerByte ? best : null;

    /// <summary>Whether a shape is one to choose from, and has time for a few steps.</summary>
    /// <param name="shape">Any.</param>
    /// <param name="seconds">Of a step of it.</param>
    public bool Has(StepShape shape, double seconds) => seconds * FewestSteps <= question.Seconds && Shapes.Contains(shape);

    /// <summary>What to throw where nothing can be trained in the time.</summary>
    internal TrainingException TooLittleTime(StepCost cost) => new(string.Create(CultureInfo.InvariantCulture,
        $"{question.Seconds:F1} s are too little to train on this machine: {FewestSteps} steps of the smallest of these models take {FewestSteps * Shapes.Min(cost.Seconds):F1} s; give it more time."));

    /// <summary>The shape that a model is computed in.</summary>
    public StepShape Shape(LlamaConfig model) => new(model, Math.Max(1, RowsAtOnce / question.Length), question.Length);

    /// <summary>What the budget buys a shape.</summary>
    /// <param name="shape">The tokens computed at once.</param>
    /// <param name="seconds">Of one such step.</param>
    /// <param name="isMeasured">Or said by the cost model.</param>
    public Candidate Candidate(StepShape shape, double seconds, bool isMeasured)
    {
        double bytesPerToken = question.Corpus.BytesPerToken[shape.Model.VocabSize];
        double affordable = question.Seconds / seconds * shape.Rows;
        double unique = question.Corpus.Bytes / bytesPerToken;
        double tokens = Math.Min(affordable, unique * EffectiveData.MostEpochs);
        int batch = question.TokensPerStep > 0 ? question.TokensPerStep : TrainingRules.TokensPerStep(tokens, question.Length);
        double secondsPerStep = seconds * batch / shape.Rows;
        int steps = (int)Math.Clamp(tokens / batch, 1, int.MaxValue);
        double seen = (double)steps * batch * bytesPerToken;
        return new(shape, batch, secondsPerStep, isMeasured, steps, seen / question.Corpus.Bytes,
            law.BitsPerByte(shape.BodyParameters, shape.EmbeddingParameters, seen, question.Corpus.Bytes));
    }

    IEnumerable<LlamaConfig> Models()
    {
        if (question.Model is { } only)
            return [only];
        var models = question.Corpus.BytesPerToken.Keys.SelectMany(vocabulary => CandidateShapes.Of(vocabulary, question.Length));
        return question.Parameters == 0 ? models : Near(models);
    }

    // The nearest where none is near.
    List<LlamaConfig> Near(IEnumerable<LlamaConfig> models)
    {
        var sized = models.Select(model => (model, Distance: Math.Abs(Math.Log((double)Shape(model).Parameters / question.Parameters))))
            .OrderBy(pair => pair.Distance).ToList();
        double most = Math.Max(ParameterTolerance, sized[0].Distance);
        return [.. sized.TakeWhile(pair => pair.Distance <= most).Select(pair => pair.model)];
    }

    bool Fits(StepShape shape)
    {
        double widths = 8.0 * shape.Model.HiddenSize + 4.0 * shape.Model.IntermediateSize;
        double activations = (double)shape.Rows * shape.Model.NumHiddenLayers * widths;
        return sizeof(float) * (NumbersPerParameter * (double)shape.Parameters + activations) <= question.MemoryBytes;
    }
}
