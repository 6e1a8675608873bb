using Cria.Engine.Kernels;
using Cria.Evaluation.Statistics;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Cli.Benchmarks;

/// <summary>One optimizer beside AdamW on the same weights and gradients.</summary>
/// <param name="Name">Its name in recipes, and what of its settings is not the default.</param>
/// <param name="Milliseconds">An update: the median of the rounds, each the mean of some updates in a row.</param>
/// <param name="TimesAdamW">That, of AdamW's in the same round; the median of the rounds.</param>
/// <param name="ShareOfStep">Of a training step with this optimizer: forward, backward, clip and the update.</param>
/// <param name="FirstMilliseconds">The first update, which may have more to do.</param>
/// <param name="StateBytesPerParameter">What it allocates, scratch included.</param>
public sealed record OptimizerResult(
    string Name, double Milliseconds, double TimesAdamW, double ShareOfStep, double FirstMilliseconds, double StateBytesPerParameter);

/// <summary>Updates by every optimizer in turns, on the gradients of real passes over random tokens.</summary>
sealed class OptimizersBench : IDisposable
{
    /// <summary>Of one optimizer in a round; as many as lie between two refreshes of SOAP's bases.</summary>
    const int UpdatesInARow = 10;

    readonly StepBench _bench;
    readonly List<Contestant> _contestants = [];
    readonly List<double> _passes = [];

    public OptimizersBench(Recipe recipe, IKernels kernels)
    {
        _bench = new(recipe with { Optimizer = new AdamWRecipe() }, kernels);
        foreach (var (name, optimizer) in Recipes())
        {
            var variant = recipe with { Optimizer = optimizer };
            var demand = new ScratchDemand();
            optimizer.Demand(variant, _bench.Store, demand);
            kernels.Reserve(demand);
            _contestants.Add(new(name, optimizer.Create(variant, _bench.Store),
                (double)optimizer.StateBytes(variant, _bench.Store) / _bench.Parameters));
        }
    }

    public long Parameters => _bench.Parameters;

    public int TokensPerStep => _bench.TokensPerStep;

    /// <summary>Forward, backward and clip; the median of the rounds.</summary>
    public double PassMilliseconds => 1000 * Sample.Median(_passes);

    /// <summary>The first updates, which are not counted.</summary>
    public void Warm()
    {
        _bench.Step();
        foreach (var contestant in _contestants)
        {
            contestant.First = _bench.Update(contestant.Optimizer, ++contestant.Steps);
            _bench.Update(contestant.Optimizer, ++contestant.Steps);
        }
    }

    /// <summary>A pass, and some updates by each.</summary>
    public void Round()
    {
        double before = _bench.UpdateSeconds;
        double step = _bench.Step();
        _passes.Add(step - (_bench.UpdateSeconds - before));
        foreach (var contestant in _contestants)
        {
            double seconds = 0;
            for (int i = 0; i < UpdatesInARow; i++)
                seconds += _bench.Update(contestant.Optimizer, ++contestant.Steps);
            contestant.Times.Add(seconds / UpdatesInARow);
        }
    }

    public IReadOnlyList<OptimizerResult> Results()
    {
        double pass = Sample.Median(_passes);
        var first = _contestants[0].Times;
        return [.. _contestants.Select(contestant =>
        {
            double seconds = Sample.Median(contestant.Times);
            double ratio = Sample.Median([.. contestant.Times.Zip(first, (own, adamw) => own / adamw)]);
            return new OptimizerResult(
                contestant.Name, seconds * 1000, ratio, seconds / (pass + seconds), contestant.First * 1000, contestant.Bytes);
        })];
    }

    public void Dispose()
    {
        foreach (var contestant in _contestants)
            contestant.Optimizer.Dispose();
        _bench.Dispose();
    }

    /// <summary>AdamW, then the catalog's others with their defaults, then cheaper settings of those that have them.</summary>
    static IEnumerable<(string Name, OptimizerRecipe Recipe)> Recipes()
    {
        yield return ("adamw", new AdamWRecipe());
        foreach (var (name, type) in OptimizerCatalog.RecipeTypes)
            if (type != typeof(AdamWRecipe))
                yield return (name, (OptimizerRecipe)Activator.CreateInstance(type)!);
        yield return ("d_muon, coefficients: cubic", new DMuonRecipe { Coefficients = "cubic" });
        yield return ("d_muon, iterations: 3", new DMuonRecipe { Iterations = 3 });
    }

    sealed class Contestant(string name, IOptimizer optimizer, double bytes)
    {
        public string Name => name;

        public IOptimizer Optimizer => optimizer;

        public double Bytes => bytes;

        public int Steps { get; set; }

        public double First { get; set; }

        public List<double> Times { get; } = [];
    }
}
