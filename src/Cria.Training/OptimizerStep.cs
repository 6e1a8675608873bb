using System.Diagnostics;
using Cria.Data.Sampling;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>
/// One optimizer step: the gradients of all micro-batches, their clip by the global norm, the update. The loss is divided
/// by the targets of the whole step, however it is cut into micro-batches.
/// </summary>
sealed class OptimizerStep : IDisposable
{
    readonly Recipe _recipe;
    readonly TrainerParts _parts;
    readonly IGradientSource _gradients;
    readonly IOptimizer _optimizer;
    readonly PhaseClock _clock;
    readonly StepSlices _slices;
    readonly DeviceMemory _scalarMemory;
    readonly Tensor _scalars;
    readonly float[] _host = new float[(int)StepScalar.Count];

    public OptimizerStep(Recipe recipe, TrainerParts parts, IGradientSource gradients, IOptimizer optimizer, PhaseClock clock)
    {
        (_recipe, _parts, _gradients, _optimizer, _clock) = (recipe, parts, gradients, optimizer, clock);
        int micro = recipe.Batch.MicroBatchSize;
        _slices = new((long)BatchSplit.MicroBatches(recipe) * micro, micro);
        _scalarMemory = parts.Model.Parameters.Device.Allocate(_host.Length * sizeof(float));
        _scalars = _scalarMemory.Tensor(DType.F32, new Shape(_host.Length));
    }

    public int MicroBatches => _slices.MicroBatches;

    /// <summary>Samples of a step.</summary>
    public long Samples => _slices.SamplesPerStep;

    /// <summary>Takes the step after those done.</summary>
    /// <param name="at">Where the run stands; its samples are read from there.</param>
    /// <param name="learningRate">Of this step.</param>
    public StepMetrics Take(Progress at, float learningRate)
    {
        long began = Stopwatch.GetTimestamp();
        var before = _clock.Enter(Phase.Data);
        StepPhases sofar = Phases();
        int step = at.Step + 1;
        long targets = _parts.Data.CountTargets(at.Samples, Samples);
        if (targets == 0)
            throw new TrainingException($"step {step} has no token to learn from; use a larger batch.tokens_per_step.");

        _clock.Enter(Phase.Gradients);
        double loss = 0;
        for (int micro = 0; micro < MicroBatches; micro++)
            loss += _gradients.Run(_parts.Kernels, at.Samples + _slices.First(0, micro), 1f / targets, accumulate: micro > 0);

        _clock.Enter(Phase.Clip);
        var store = _parts.Model.Parameters;
        _host[(int)StepScalar.LearningRate] = learningRate;
        _optimizer.Prepare(_host, step);
        _scalars.Write<float>(_host);
        _parts.Kernels.ClipByGlobalNorm(_scalars, store.Gradients, _recipe.Optimizer.MaxGradientNorm);

        _clock.Enter(Phase.Update);
        _optimizer.Step(_parts.Kernels, store, _scalars);
        _scalars.Read<float>(_host);

        _clock.Enter(before);
        float norm = _host[(int)StepScalar.GradientNorm];
        StepPhases after = Phases();
        return new(step, loss, _host[(int)StepScalar.LearningRate], norm, at.Tokens + targets, Stopwatch.GetElapsedTime(began).TotalSeconds)
        {
            ClipFactor = _host[(int)StepScalar.ClipFactor],
            Phases = new(after.Data - sofar.Data, after.Pass - sofar.Pass, after.Optimizer - sofar.Optimizer),
        };
    }

    public void Dispose() => _scalarMemory.Dispose();

    StepPhases Phases() => new(
        _clock.Seconds(Phase.Data), _clock.Seconds(Phase.Gradients), _clock.Seconds(Phase.Clip) + _clock.Seconds(Phase.Update));
}
