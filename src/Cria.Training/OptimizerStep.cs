using System.Diagnostics;
using Cria.Data.Sampling;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Guards;
using Cria.Training.Observation;
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
    readonly Guard _guard;
    readonly PhaseClock _clock;
    readonly NormMeter? _norms;
    readonly StepSlices _slices;
    readonly DeviceMemory _scalarMemory;
    readonly Tensor _scalars;
    readonly float[] _host = new float[(int)StepScalar.Count];
    readonly double[] _told = new double[(int)Phase.Count];

    /// <param name="norms">What takes the norms of a step, or null.</param>
    public OptimizerStep(Recipe recipe, TrainerParts parts, IGradientSource gradients, IOptimizer optimizer, Guard guard,
        PhaseClock clock, NormMeter? norms)
    {
        (_recipe, _parts, _gradients, _optimizer) = (recipe, parts, gradients, optimizer);
        (_guard, _clock, _norms) = (guard, clock, norms);
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
        int step = at.Step + 1;
        long targets = _parts.Data.CountTargets(at.Samples, Samples);
        if (targets == 0)
            throw new TrainingException($"step {step} has no token to learn from; use a larger batch.tokens_per_step.");

        _clock.Enter(Phase.Gradients);
        double loss = 0;
        LossParts? parts = null;
        SampleRange suspects = new(at.Samples, Samples);
        for (int micro = 0; micro < MicroBatches; micro++)
        {
            long first = at.Samples + _slices.First(0, micro);
            bool wasFinite = double.IsFinite(loss);
            loss += _gradients.Run(_parts.Kernels, first, 1f / targets, accumulate: micro > 0);
            if (_gradients.Parts is { } more)
                parts = parts?.Plus(more) ?? more;
            if (wasFinite && !double.IsFinite(loss))
                suspects = new(first, _slices.MicroBatchSize);
        }

        _clock.Enter(Phase.Clip);
        var store = _parts.Model.Parameters;
        _host[(int)StepScalar.LearningRate] = learningRate;
        _optimizer.Prepare(_host, at.Updates + 1);
        _scalars.Write<float>(_host);
        _parts.Kernels.ClipByGlobalNorm(_scalars, store.Gradients, _recipe.Optimizer.MaxGradientNorm);

        var meter = _norms is not null && step % _recipe.Metrics.NormsEvery == 0 ? _norms : null;
        _clock.Enter(Phase.Norms);
        meter?.Before(_parts.Kernels);

        _clock.Enter(Phase.Update);
        bool isAdmitted = _guard.Admits(loss);
        if (isAdmitted) // a gradient that is not finite has a clip factor of 0, with which optimizers leave all as it is
            _optimizer.Step(_parts.Kernels, store, _scalars);
        _scalars.Read<float>(_host);

        _clock.Enter(Phase.Norms);
        var norms = meter?.After(_parts.Kernels) ?? [];

        _clock.Enter(Phase.Gradients);
        float clip = isAdmitted ? _host[(int)StepScalar.ClipFactor] : 0;
        var curvature = clip != 0 && _optimizer is ICurvatureOptimizer asking && asking.IsDue(at.Updates + 1) ? asking : null;
        if (curvature is not null) // overwrites the gradients, which nothing looks at any more
            AddCurvature(curvature, at.Samples, step, targets);

        _clock.Enter(before);
        var metrics = new StepMetrics(step, loss, _host[(int)StepScalar.LearningRate], _host[(int)StepScalar.GradientNorm],
            clip == 0 ? at.Tokens : at.Tokens + targets, Stopwatch.GetElapsedTime(began).TotalSeconds)
        {
            Parts = parts,
            ClipFactor = clip,
            WinRate = curvature?.WinRate ?? float.NaN,
            Phases = PhasesSince(),
            Norms = norms,
        };
        _guard.Watch(metrics, suspects);
        return metrics;
    }

    public void Dispose() => _scalarMemory.Dispose();

    // Since the step before: evaluation, checkpoints and observers lie between the two.
    StepPhases PhasesSince()
    {
        return new(Since(Phase.Data), Since(Phase.Gradients), Since(Phase.Clip) + Since(Phase.Update), Since(Phase.Norms),
            Since(Phase.Observers), Since(Phase.Evaluation), Since(Phase.Checkpoint));

        float Since(Phase phase)
        {
            double now = _clock.Seconds(phase), before = _told[(int)phase];
            _told[(int)phase] = now;
            return (float)(now - before);
        }
    }

    // On the inputs of the step itself: the labels are the model's, so nothing is learned twice from the data's.
    void AddCurvature(ICurvatureOptimizer optimizer, long firstSample, int step, long targets)
    {
        var source = (ISampledGradientSource)_gradients;
        for (int micro = 0; micro < MicroBatches; micro++)
            source.RunSampled(
                _parts.Kernels, firstSample + _slices.First(0, micro), 1f / targets, accumulate: micro > 0, optimizer.Labels, step);
        optimizer.AddCurvature(_parts.Kernels, _parts.Model.Parameters, targets);
    }
}
