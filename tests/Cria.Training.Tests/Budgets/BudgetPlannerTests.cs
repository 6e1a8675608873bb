using Cria.Models;
using Cria.Training.Budgets;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Budgets;

public sealed class BudgetPlannerTests
{
    static readonly LossLaw Law = new(0.75, 30, 0.38, 25, 0.42, 100, 0.36);

    static readonly Recipe Template = new()
    {
        Name = "planned",
        Model = CandidateShapes.Llama(0, 64, 2, 256),
        Data = new() { Train = ["text"] },
        Steps = 1,
    };

    // A machine of 100 GFLOP/s that also takes time to begin.
    sealed class Machine : IStepTimer
    {
        public int Asked { get; private set; }

        public double Seconds(StepShape shape)
        {
            Asked++;
            return True(shape);
        }

        public static double True(StepShape shape) => shape.FlopsPerToken * (double)shape.Rows / 1e11
            + 1e-3 * shape.Model.NumHiddenLayers + shape.Rows * shape.Model.VocabSize * 2e-9;
    }

    [Fact]
    public void The_pick_is_the_best_of_all_shapes_or_as_good()
    {
        var planner = Planner(360);
        var machine = new Machine();
        var survey = new ThroughputSurvey(planner, machine, seconds: 100);
        double best = planner.Question.Corpus.BytesPerToken.Keys.SelectMany(v => CandidateShapes.Of(v, 256)).Select(planner.Shape)
            .Where(shape => Machine.True(shape) < 18)
            .Min(shape => planner.Candidate(shape, Machine.True(shape), isMeasured: true).BitsPerByte);
        Assert.InRange(survey.Pick.BitsPerByte, best, best * 1.001);
        Assert.True(survey.Pick.IsMeasured);
        Assert.InRange(survey.Pick.Seconds, 355, 360);
        Assert.InRange(machine.Asked, 6, 15);
        Assert.True(survey.Fitted.Count >= 5);
        Assert.All(survey.Errors, error => Assert.InRange(error, -0.1, 0.1));
        Assert.Equal(survey.HeldOut.Count, survey.Errors.Count);
    }

    [Fact]
    public void A_survey_without_time_measures_one_shape_and_the_best_candidates() =>
        Assert.InRange(Measured(seconds: 0), 2, 5);

    [Fact]
    public void More_time_asks_for_more_parameters()
    {
        double[] sizes = [.. new double[] { 60, 600, 6000 }.Select(seconds => (double)
            new ThroughputSurvey(Planner(seconds), new Machine(), 100).Pick.Shape.Parameters)];
        Assert.True(sizes[0] < sizes[1] && sizes[1] < sizes[2], string.Join(", ", sizes));
    }

    [Fact]
    public void Only_models_of_the_asked_size_or_shape_are_looked_at()
    {
        var sized = Planner(360, question => question with { Parameters = 3_000_000 });
        Assert.All(sized.Candidates(Cost()), candidate => Assert.InRange(candidate.Shape.Parameters, 2_500_000, 3_500_000));
        var only = CandidateShapes.Llama(1024, 96, 3, 256);
        Assert.Equal(only, Assert.Single(Planner(360, question => question with { Model = only }).Candidates(Cost())).Shape.Model);
    }

    [Fact]
    public void Memory_and_time_that_suffice_for_nothing_are_refused_in_words()
    {
        Assert.Contains("memory", Assert.Throws<TrainingException>(() => Planner(360, q => q with { MemoryBytes = 1000 }).Candidates(Cost())).Message);
        Assert.Contains("too little", Assert.Throws<TrainingException>(() => Planner(1e-6).Candidates(Cost())).Message);
        Assert.All(Planner(1e6, q => q with { MemoryBytes = 100_000_000 }).Candidates(Cost()), c =>
             Assert.True(16 * c.Shape.Parameters < 100_000_000));
    }

    [Fact]
    public void Little_text_is_not_read_for_ever()
    {
        var planner = Planner(36_000, question => question with { Corpus = new(1e5, new Dictionary<int, double> { [512] = 2 }) });
        Assert.All(planner.Candidates(Cost()).Take(20), candidate => Assert.InRange(candidate.Epochs, 0, EffectiveData.MostEpochs + 0.01));
    }

    [Fact]
    public void A_short_text_is_given_a_model_that_it_can_teach()
    {
        var planner = Of(bytes: 200_000);
        var candidates = planner.Candidates(Cost());
        Assert.All(candidates, candidate => Assert.InRange(candidate.Shape.Parameters, 0, 200_000));
        Assert.True(planner.Beyond(Cost(), candidates[0])!.Shape.Parameters > 200_000, "the law alone would take more");

        var smallest = CandidateShapes.Llama(512, 32, 2, 256);
        Assert.Equal(smallest, Assert.Single(Of(bytes: 1000).Candidates(Cost())).Shape.Model);
        Assert.Equal(smallest, new ThroughputSurvey(Of(bytes: 1000), new Machine(), 100).Pick.Shape.Model);
        Assert.InRange(Of(bytes: 1000, parameters: 3_000_000).Candidates(Cost())[0].Shape.Parameters, 2_500_000, 3_500_000);
        Assert.Null(Planner(360).Beyond(Cost(), Planner(360).Candidates(Cost())[0]));

        static BudgetPlanner Of(double bytes, long parameters = 0) => Planner(600, question => question with
        {
            Corpus = new(bytes, new Dictionary<int, double> { [512] = 2 }),
            Parameters = parameters,
        });
    }

    [Theory]
    [InlineData(1), InlineData(60), InlineData(3600), InlineData(100_000)]
    public void Every_plan_makes_a_recipe_that_holds(double seconds)
    {
        foreach (var candidate in Planner(seconds).Candidates(Cost()).Take(50))
        {
            var recipe = PlannedRecipe.Of(Template, candidate, seconds);
            RecipeRules.Check(recipe);
            Assert.Equal(candidate.IsOutOfText, recipe.Stop is null);
            Assert.Equal(candidate.TokensPerStep, recipe.Batch.TokensPerStep);
            Assert.Equal(candidate.Shape.Model.VocabSize, recipe.Tokenizer.VocabSize);
            Assert.InRange(((AdamWRecipe)recipe.Optimizer.For(recipe.Batch.TokensPerStep)).Beta2, 0.9499f, 0.9801f);
        }
    }

    [Fact]
    public void The_rungs_of_a_ladder_are_a_factor_apart_around_the_pick()
    {
        var planner = Planner(360);
        var pick = planner.Shape(CandidateShapes.Llama(2048, 128, 4, 256));
        var rungs = LadderSizes.Of(planner, pick, 5, 1.6);
        Assert.Equal(5, rungs.Count);
        Assert.Equal(pick, rungs[2]);
        for (int i = 1; i < rungs.Count; i++)
            Assert.InRange((double)rungs[i].Parameters / rungs[i - 1].Parameters, 1.3, 2);
        Assert.All(rungs, rung => Assert.Equal(2048, rung.Model.VocabSize));
    }

    [Fact]
    public void Batches_grow_with_the_data_and_rates_fall_with_the_width()
    {
        Assert.Equal(2048, TrainingRules.TokensPerStep(1e6, 256));
        Assert.True(TrainingRules.TokensPerStep(1e9, 256) is > 8192 and < 65536);
        Assert.Equal(0, TrainingRules.TokensPerStep(1e8, 384) % 384);
        Assert.True(TrainingRules.LearningRate(512, 2048) < TrainingRules.LearningRate(128, 2048));
        Assert.True(TrainingRules.WarmupSteps(20) <= 5);
    }

    [Theory]
    [InlineData(1024, 0.9899), InlineData(2048, 0.98), InlineData(3072, 0.9702)]
    [InlineData(4096, 0.9604), InlineData(8192, 0.95), InlineData(131072, 0.95)]
    public void Beta2_is_a_half_life_in_tokens_and_at_least_in_steps(int tokensPerStep, double beta2)
    {
        var optimizer = new AdamWRecipe { Beta2HalfLife = TrainingRules.Beta2HalfLife(tokensPerStep) };
        Assert.Equal(beta2, ((AdamWRecipe)optimizer.For(tokensPerStep)).Beta2, 4);
    }

    static int Measured(double seconds)
    {
        var machine = new Machine();
        _ = new ThroughputSurvey(Planner(360), machine, seconds);
        return machine.Asked;
    }

    static StepCost Cost()
    {
        var shape = new StepShape(CandidateShapes.Llama(2048, 128, 3, 256), 8, 256);
        return StepCost.Fit([new(shape, Machine.True(shape))]);
    }

    static BudgetPlanner Planner(double seconds, Func<PlanQuestion, PlanQuestion>? change = null)
    {
        var question = new PlanQuestion { Seconds = seconds, Corpus = new(1.9e7, CorpusSize.EnglishProse) };
        return new(change?.Invoke(question) ?? question, Law);
    }
}
