using System.Globalization;
using System.Text.Json;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Engine.Kernels;
using Cria.Training;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>What a ladder is to be.</summary>
sealed record LadderOptions(int Sizes, double Factor, double Seconds, int Seeds);

/// <summary>One size of a ladder.</summary>
sealed record Rung(
    string Name, int Layers, int Width, int Vocabulary, long Parameters, int Steps, int TokensPerStep, double SecondsPerStep, double Epochs,
    double PredictedBitsPerByte);

/// <summary>A ladder as it was planned: kept in its folder, and never planned twice.</summary>
sealed record LadderPlan(
    LadderOptions Options, int Length, double CorpusBytes, double BytesPerToken, string Pick, IReadOnlyList<Rung> Rungs)
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The plan in the folder; null where there is none yet.</summary>
    /// <exception cref="TrainingException">It is another ladder's, or damaged.</exception>
    public static LadderPlan? Kept(string path, LadderOptions options)
    {
        if (!File.Exists(path))
            return null;
        LadderPlan plan;
        try
        {
            plan = JsonSerializer.Deserialize<LadderPlan>(File.ReadAllText(path), Json)!;
        }
        catch (JsonException e)
        {
            throw new TrainingException($"{path} is damaged: {e.Message} Restore it, or choose another folder with --out.");
        }
        return plan.Options == options ? plan : throw new TrainingException(
            $"{path} is a ladder with other --sizes, --factor, --time or --seeds; give it the same, or choose another folder with --out.");
    }

    /// <summary>Plans the budget, then rungs around its pick, each measured for itself.</summary>
    public static LadderPlan Of(LadderOptions options, Recipe recipe, int threads, CancellationToken cancellation)
    {
        var corpus = CorpusSurvey.Of(recipe, threads, cancellation);
        var question = new PlanQuestion
        {
            Seconds = options.Seconds,
            Corpus = corpus,
            Length = PlannedLength.For(corpus),
            MemoryBytes = BudgetMemory.Planned(),
        };
        var plan = BudgetPlan.Of(question, recipe, threads, cancellation);
        var planner = new BudgetPlanner(question, plan.Law);
        var kernels = KernelChoice.Best(threads);
        try
        {
            var timer = new StepTimer(recipe, kernels, Math.Min(2, options.Seconds / 20), cancellation);
            List<Rung> rungs = [];
            foreach (var shape in LadderSizes.Of(planner, plan.Pick.Shape, options.Sizes, options.Factor))
            {
                bool isPick = shape == plan.Pick.Shape;
                double seconds = isPick ? plan.Pick.SecondsPerStep * shape.Rows / plan.Pick.TokensPerStep : timer.Seconds(shape);
                rungs.Add(Rung(planner.Candidate(shape, seconds, isMeasured: true)));
            }
            double bytesPerToken = question.Corpus.BytesPerToken[plan.Pick.Shape.Model.VocabSize];
            return new(options, question.Length, question.Corpus.Bytes, bytesPerToken, Name(plan.Pick.Shape), rungs);
        }
        finally
        {
            (kernels as IDisposable)?.Dispose();
        }
    }

    public void Write(string path) => WholeFile.Write(path, Output.JsonText(this));

    public Rung PickedRung => Rungs.First(rung => rung.Name == Pick);

    /// <summary>The rung's recipe.</summary>
    /// <param name="rung">Of this ladder.</param>
    /// <param name="shared">Names the data of all rungs, made ready: <see cref="SharedCorpus"/>.</param>
    /// <param name="seed">Of the run.</param>
    public Recipe Recipe(Rung rung, Recipe shared, ulong seed)
    {
        var model = CandidateShapes.Llama(rung.Vocabulary, rung.Width, rung.Layers, Length);
        var shape = new StepShape(model, Math.Max(1, rung.TokensPerStep / Length), Length);
        var planned = new Candidate(
            shape, rung.TokensPerStep, rung.SecondsPerStep, IsMeasured: true, rung.Steps, rung.Epochs, rung.PredictedBitsPerByte);
        var recipe = PlannedRecipe.Of(shared, planned, Options.Seconds);
        return recipe with
        {
            Name = rung.Name,
            Seed = seed,
            Tokenizer = new() { Path = shared.Tokenizer.Path },
            Evaluate = new() { Every = 0 },
        };
    }

    static Rung Rung(Candidate c) => new(Name(c.Shape), c.Shape.Model.NumHiddenLayers, c.Shape.Model.HiddenSize, c.Shape.Model.VocabSize,
        c.Shape.Parameters, c.Steps, c.TokensPerStep, c.SecondsPerStep, c.Epochs, c.BitsPerByte);

    static string Name(StepShape shape) => string.Create(CultureInfo.InvariantCulture, $"l{shape.Model.NumHiddenLayers}-d{shape.Model.HiddenSize}-v{shape.Model.VocabSize}");
}
