using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Observation;
using Cria.Training.Optimizers;

namespace Cria.Training.Averaging;

/// <summary>
/// The averages of a run, and which weights are evaluated and left behind in the place of those in training: with
/// Schedule-Free always the optimizer's own, else those of the average whose use is final.
/// </summary>
sealed class Averages : IDisposable
{
    readonly IAverager[] _averagers;
    readonly IEvaluationWeights? _optimizer, _final;
    readonly SpareWeights? _spare;

    /// <param name="recipes">Checked.</param>
    /// <param name="place">The run they belong to.</param>
    /// <param name="store">Allocated.</param>
    /// <param name="optimizer">Any optimizer; one that has evaluation weights of its own is asked for them.</param>
    public Averages(IReadOnlyList<AverageRecipe> recipes, AveragingPlace place, ParameterStore store, IOptimizer optimizer)
    {
        _optimizer = optimizer as IEvaluationWeights;
        _averagers = [.. recipes.Select(recipe => recipe.Create(store, place))];
        _final = _averagers.Where((_, i) => recipes[i].Use == AverageUse.Final).FirstOrDefault() ?? _optimizer;
        _spare = _averagers.Length > 0 || _optimizer is not null ? new(store) : null;
        Slots = [.. _averagers.SelectMany(averager => averager.Slots.Select(slot => ($"{averager.Name}.{slot.Name}", slot.State)))];
    }

    /// <summary>Average and slot, as in <c>ema.average</c> → its flat tensor: saved and resumed with the checkpoint.</summary>
    public IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    /// <summary>How often an evaluation goes through the validation text.</summary>
    public int Evaluations => 1 + _averagers.Length;

    /// <summary>What the constructor allocates.</summary>
    /// <param name="recipes">The averages of the recipe.</param>
    /// <param name="store">Of the model, which need not be allocated.</param>
    /// <param name="optimizerEvaluates">Whether the optimizer has evaluation weights of its own.</param>
    public static long Bytes(IReadOnlyList<AverageRecipe> recipes, ParameterStore store, bool optimizerEvaluates) =>
        recipes.Sum(recipe => recipe.StateBytes(store)) + (recipes.Count > 0 || optimizerEvaluates ? SpareWeights.Bytes(store) : 0);

    /// <summary>After every optimizer step; <paramref name="step"/> is counted from 1.</summary>
    public void Observe(IKernels kernels, int step)
    {
        foreach (var averager in _averagers)
            averager.Observe(kernels, step);
    }

    /// <summary>The slots have been filled with what they held after so many steps.</summary>
    public void Resume(int step)
    {
        foreach (var averager in _averagers)
            averager.Resume(step);
    }

    /// <summary>
    /// Calls <paramref name="evaluate"/> with the empty name while the model has the weights in training, or the optimizer's own
    /// where it has some, and then with the name of every average while the model has that. The weights in training come back.
    /// </summary>
    public void Evaluate(IKernels kernels, Action<string> evaluate)
    {
        if (_optimizer is { Exists: true } own)
            _spare!.With(kernels, own, () => evaluate(""));
        else
            evaluate("");
        foreach (var averager in _averagers)
            if (averager.Exists)
                _spare!.With(kernels, averager, () => evaluate(averager.Name));
    }

    /// <summary>Gives the model the weights that the run leaves behind, for good: there is no training after it.</summary>
    /// <returns>What was done; null where they are those that were trained.</returns>
    public WeightsAdopted? Adopt(IKernels kernels, ParameterStore store, int step)
    {
        if (_final is not { Exists: true } final)
            return null;
        final.Write(kernels, store.Weights);
        return new(step, final.Name);
    }

    public void Dispose()
    {
        foreach (var averager in _averagers)
            averager.Dispose();
        _spare?.Dispose();
    }
}

/// <summary>The model that a run leaves behind has these weights, and not those that were trained.</summary>
public sealed record WeightsAdopted(int Step, string Weights) : TrainingEvent(Step)
{
    public override string Name => "adopted";

    public override string Text => $"the model has the weights of {Weights}";
}
