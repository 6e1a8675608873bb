using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Engine.Graphs.Ops;
using Cria.Evaluation.Scoring;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// Trains the recipes of recipes/little-data on the same text, several seeds each, and compares them on the validation text. Weight decay
/// is chosen on the first seed and then stands for all but the twin; the run that won is the first tuned twin. Every run has a folder of
/// its own; what is finished is not done again.
/// </summary>
/// <param name="recipes">The folder of the recipes.</param>
/// <param name="overrides">Of all of them.</param>
/// <param name="folder">Where the runs go.</param>
/// <param name="seeds">At least 2: teachers and ensembles are of two.</param>
/// <param name="firstSeed">Of the first of them; the others have those after it.</param>
/// <param name="threads">At least 1.</param>
sealed class LittleDataStudy(
    string recipes, IReadOnlyList<string> overrides, string folder, int seeds, ulong firstSeed, int threads, CancellationToken cancellation)
{
    static readonly float[] Decays = [0.3f, 1, 3.2f];

    readonly List<LittleDataArm> _arms = [];
    Recipe _twin = null!;

    /// <summary>What was reached, arm by arm; null where it was stopped before the end.</summary>
    public IReadOnlyList<LittleDataArm>? Run()
    {
        var twin = Read("twin");
        _twin = SharedCorpus.Prepare(twin, Path.Combine(folder, "data"), threads, Output.Log, cancellation).For(twin);
        if (Seeds("twin", Over("twin"), []) is null || Tune() is not { } best)
            return null;
        float decay = best.Decay;
        Recipe tuned = With(Over("tuned"), decay), student = With(Over("student"), decay);
        if (Seeds("tuned", tuned, [best.Run]) is not { } twins || Seeds("smoothed", With(Over("smoothed"), decay), []) is null)
            return null;
        Average(twins);
        var students = new List<string>();
        for (int seed = 1; seed <= seeds; seed++)
        {
            var loss = (DistillationRecipe)student.Loss with { Teachers = Pair(twins, seed) };
            if (Train($"student-{seed}", student with { Seed = SeedOf(100 + seed), Loss = loss }) is not { } run)
                return null;
            students.Add(run);
        }
        Add("student of two tuned twins", students);
        return Chain(With(Over("chain"), decay) with { Seed = firstSeed }) ? _arms : null;
    }

    // On the first seed.
    (float Decay, string Run)? Tune()
    {
        var found = new List<(float Decay, string Run)>();
        foreach (float decay in Decays)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"decay-{decay}");
            if (Train(name, With(Over("tuned"), decay) with { Seed = firstSeed }) is not { } run)
                return null;
            found.Add((decay, run));
            Add(string.Create(CultureInfo.InvariantCulture, $"weight decay {decay}"), [run]);
        }
        var best = found.MinBy(each => Result(each.Run).Validation.NatsPerToken);
        if (best.Decay == Decays[0] || best.Decay == Decays[^1])
            Output.Warn(string.Create(CultureInfo.InvariantCulture,
                $"weight decay {best.Decay} is best and lies at the edge of {Decays[0]} to {Decays[^1]}: the best of all may lie beyond it"));
        return best;
    }

    // Two tuned twins as one; the same pairs that teach.
    void Average(List<string> twins)
    {
        foreach (var mean in (EnsembleMean[])[EnsembleMean.Logits, EnsembleMean.Probabilities])
        {
            double[] nats = new double[seeds], bits = new double[seeds], seconds = new double[seeds];
            for (int seed = 1; seed <= seeds; seed++)
            {
                string[] pair = Pair(twins, seed);
                using var opened = new OpenedEnsemble(pair, [], mean, threads);
                var stream = TokenStreams.Open(_twin.Data.Validation[0], opened.Tokenizer);
                using var held = stream as IDisposable;
                double total = ChunkLosses.Measure(opened.Scorers[^1], stream, _twin.Data.SequenceLength).Nats;
                var figures = Result(pair[0]).Validation;
                TextLikelihood likelihood = new(total, figures.Tokens, figures.Bytes);
                (nats[seed - 1], bits[seed - 1]) = (likelihood.NatsPerToken, likelihood.BitsPerByte);
                seconds[seed - 1] = pair.Sum(run => Result(run).TrainingSeconds);
            }
            _arms.Add(new($"two tuned twins, {Name(mean)}", nats, bits, new(0, seconds.Average())));
        }

        static string Name(EnsembleMean mean) => mean == EnsembleMean.Logits ? "mean of logits" : "mean of probabilities";
    }

    bool Chain(Recipe recipe)
    {
        string path = Path.Combine(folder, "chain");
        if (Train("chain", recipe) is null)
            return false;
        for (int number = 2; number <= recipe.Chain!.Generations; number++)
            Add($"chain, generation {number}", [Path.Combine(path, $"generation-{number}")]);
        return true;
    }

    // What is trained already stands for the first seeds.
    List<string>? Seeds(string name, Recipe recipe, IEnumerable<string> trained)
    {
        List<string> runs = [.. trained];
        while (runs.Count < seeds)
        {
            int seed = runs.Count + 1;
            if (Train($"{name}-{seed}", recipe with { Seed = SeedOf(seed) }) is not { } run)
                return null;
            runs.Add(run);
        }
        Add(name, runs);
        return runs;
    }

    ulong SeedOf(int number) => firstSeed + (ulong)number - 1;

    string? Train(string name, Recipe recipe)
    {
        string path = Path.Combine(folder, name);
        if (recipe.Chain is null && ResultFile.Is(path) && Result(path).Seed is var seed && seed != recipe.Seed)
            throw new TrainingException(
                $"{path} was trained with seed {seed}, and --seed asks for {recipe.Seed} there; choose another folder with --out.");
        RunOptions options = new() { Resume = true, Threads = threads, Brief = true, Silent = true };
        return ChainExecution.RunOnce(recipe with { Name = name }, path, options, cancellation) == 0 ? path : null;
    }

    void Add(string name, IEnumerable<string> runs) => _arms.Add(LittleDataArm.Of(name, [.. runs.Select(Result)]));

    // The twin of a seed and that of the next, around the circle.
    string[] Pair(List<string> twins, int seed) => [twins[seed - 1], twins[seed % seeds]];

    Recipe Over(string name) => Read(name) with { Data = _twin.Data, Tokenizer = _twin.Tokenizer };

    Recipe Read(string name) => RecipeFile.Read(Path.Combine(recipes, $"{name}.yaml"), overrides);

    static Recipe With(Recipe recipe, float decay) => recipe with { Optimizer = recipe.Optimizer with { WeightDecay = decay } };

    static FinishedRun Result(string run) => ResultFile.Read(ResultFile.In(run));
}
