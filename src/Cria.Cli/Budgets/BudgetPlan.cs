using Cria.Engine.Kernels;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>A plan with all it was made from: the corpus, the machine's measurement, the candidates, the pick.</summary>
sealed record BudgetPlan(PlanQuestion Question, ThroughputSurvey Survey, IReadOnlyList<Candidate> Candidates, LossLaw Law)
{
    /// <summary>A step is worth measuring for so long.</summary>
    const double SecondsOfAShape = 1, LongestSurvey = 60;

    /// <summary>Of the budget; a plan that costs more than it gains is none.</summary>
    const double SurveyShare = 0.04;

    public Candidate Pick => Survey.Pick;

    /// <summary>The larger model that the law alone would take, of more parameters than <see cref="MostParameters"/>; null where the text is enough.</summary>
    public Candidate? Beyond { get; init; }

    /// <summary>Of the largest model that was looked at, where the text sets a limit.</summary>
    public double MostParameters { get; init; } = double.PositiveInfinity;

    /// <summary>Measures and plans.</summary>
    public static BudgetPlan Of(PlanQuestion question, Recipe template, int threads, CancellationToken cancellation)
    {
        double seconds = Math.Min(LongestSurvey, question.Seconds * SurveyShare);
        var kernels = KernelChoice.Best(threads);
        try
        {
            var planner = new BudgetPlanner(question, LawFile.Builtin);
            var timer = new StepTimer(template, kernels, Math.Min(SecondsOfAShape, seconds / 8), cancellation);
            var survey = new ThroughputSurvey(planner, timer, seconds);
            return new(question, survey, planner.Candidates(survey.Cost), planner.Law)
            {
                Beyond = planner.Beyond(survey.Cost, survey.Pick),
                MostParameters = planner.MostParameters,
            };
        }
        finally
        {
            (kernels as IDisposable)?.Dispose();
        }
    }

    /// <summary>Bits per byte of the pick, over laws fitted to samples of the runs behind the law.</summary>
    public Interval Spread() => LossLawFit.Spread(LawFile.BuiltinRuns, law => law.BitsPerByte(
        Pick.Shape.BodyParameters, Pick.Shape.EmbeddingParameters, Pick.Epochs * Question.Corpus.Bytes, Question.Corpus.Bytes));

    /// <summary>The rows of the table: the pick, then the best of each vocabulary, of sizes around the pick's, deeper, wider, and
    /// at 20 tokens a parameter.</summary>
    public IReadOnlyList<(string Why, Candidate Candidate)> Rows()
    {
        List<(string, Candidate)> rows = [("pick", Pick)];
        Add("deeper", Candidates.FirstOrDefault(c => IsAlike(c) && c.Shape.Model.NumHiddenLayers > Pick.Shape.Model.NumHiddenLayers));
        Add("wider", Candidates.FirstOrDefault(c => IsAlike(c) && c.Shape.Model.HiddenSize > Pick.Shape.Model.HiddenSize));
        foreach (double factor in (double[])[0.25, 0.5, 2, 4])
            Add($"{factor} × the size", Candidates.FirstOrDefault(c => Math.Abs(Math.Log(c.Shape.Parameters / (factor * Pick.Shape.Parameters))) < 0.15));
        foreach (int vocabulary in Question.Corpus.BytesPerToken.Keys.Where(v => v != Pick.Shape.Model.VocabSize))
            Add($"vocabulary of {vocabulary:N0}", Candidates.FirstOrDefault(c => c.Shape.Model.VocabSize == vocabulary));
        Add("20 tokens a parameter", Candidates.Where(c => c.TokensPerParameter is > 17 and < 23).FirstOrDefault());
        return rows;

        void Add(string why, Candidate? candidate)
        {
            if (candidate is not null)
                rows.Add((why, candidate));
        }

        bool IsAlike(Candidate c) => c.Shape.Model.VocabSize == Pick.Shape.Model.VocabSize
            && Math.Abs(Math.Log((double)c.Shape.BodyParameters / Pick.Shape.BodyParameters)) < 0.2;
    }
}
