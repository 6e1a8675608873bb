using System.Diagnostics;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Cli.Benchmarks;

/// <summary>Whole training steps (forward, backward, clip, AdamW) on random tokens, a student's with its teachers' forward passes.
/// </summary>
sealed class StepBench : IDisposable
{
    readonly Recipe _recipe;
    readonly IKernels _kernels;
    readonly ILanguageModel _model;
    readonly IReadOnlyList<ILanguageModel> _teachers;
    readonly TrainingPlan _recorded;
    readonly Arena _arena;
    readonly IOptimizer _optimizer;
    readonly DeviceMemory _scalarMemory;
    readonly Tensor _scalars;
    readonly float[] _host = new float[(int)StepScalar.Count];
    int _step;

    /// <param name="recipe">Its loss counts only where teachers are given.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="teachers">Allocated, and kept by the caller.</param>
    public StepBench(Recipe recipe, IKernels kernels, params IReadOnlyList<ILanguageModel> teachers)
    {
        (_recipe, _kernels, _teachers) = (recipe, kernels, teachers);
        var device = CpuDevice.Instance;
        _model = ModelCatalog.Create(recipe.Model, device);
        _model.Parameters.Allocate(withGradients: true);
        _model.Parameters.Initialize(recipe.Seed);
        int length = recipe.Data.SequenceLength, rows = recipe.Batch.MicroBatchSize * length;
        _recorded = TrainingPlan.Record(_model, recipe.Batch.MicroBatchSize, length, recipe.PlanOptions(),
            loss: teachers.Count > 0 ? recipe.Loss.Create(teachers) : null);
        _arena = new(device, Plan);
        Memory = MemoryAccount.Of(recipe, _model, kernels, Plan).With(teachers) with { Snapshot = 0 };
        kernels.Reserve(MemoryAccount.Demand(recipe, _model.Parameters, Plan));
        _optimizer = recipe.Optimizer.Create(recipe, _model.Parameters);
        _scalarMemory = device.Allocate(_host.Length * sizeof(float));
        _scalars = _scalarMemory.Tensor(DType.F32, new Shape(_host.Length));

        var random = new Philox(7);
        int[] ids = [.. Enumerable.Range(0, rows).Select(i => (int)(random.Uniform((ulong)i) * recipe.Model.VocabSize))];
        _recorded.Sequence.Fill(ids, [.. Enumerable.Range(0, rows / length).Select(s => s * length)]);
        _recorded.Targets.Data.Write<int>(ids);
        _recorded.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / rows, rows)]);
    }

    public Plan Plan => _recorded.Plan;

    /// <summary>All that was allocated for the steps beside the managed heap, as predicted.</summary>
    public MemoryAccount Memory { get; }

    public int TokensPerStep => _recorded.Sequence.Rows;

    public long Parameters => _model.Parameters.Count;

    /// <summary>Of the step, the forward passes of teachers counted, each a third of a training step of its model.</summary>
    public long FlopsPerToken => _recipe.Model.FlopsPerToken(_recipe.Data.SequenceLength)
        + _teachers.Sum(teacher => teacher.Config.FlopsPerToken(_recipe.Data.SequenceLength) / 3);

    /// <summary>Time of the gradients' norm since profiling began.</summary>
    public double ClipSeconds { get; private set; }

    /// <summary>Time of the optimizer's update since profiling began.</summary>
    public double UpdateSeconds { get; private set; }

    public ParameterStore Store => _model.Parameters;

    /// <summary>Seconds of one update by another optimizer, from the gradients of the last step.</summary>
    /// <param name="optimizer">Made for <see cref="Store"/>.</param>
    /// <param name="step">Counted from 1.</param>
    public double Update(IOptimizer optimizer, int step)
    {
        optimizer.Prepare(_host, step);
        _scalars.Write<float>(_host);
        _kernels.ClipByGlobalNorm(_scalars, Store.Gradients, 1);
        long began = Stopwatch.GetTimestamp();
        optimizer.Step(_kernels, Store, _scalars);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>From the next step on every operation is timed.</summary>
    public void Profile()
    {
        Plan.Profile();
        (ClipSeconds, UpdateSeconds) = (0, 0);
    }

    /// <summary>One step; its seconds.</summary>
    public double Step()
    {
        long began = Stopwatch.GetTimestamp();
        Plan.Forward(_kernels);
        Plan.Backward(_kernels);
        _host[(int)StepScalar.LearningRate] = 1e-4f;
        _optimizer.Prepare(_host, ++_step);
        _scalars.Write<float>(_host);
        long clips = Stopwatch.GetTimestamp();
        _kernels.ClipByGlobalNorm(_scalars, _model.Parameters.Gradients, 1);
        long updates = Stopwatch.GetTimestamp();
        _optimizer.Step(_kernels, _model.Parameters, _scalars);
        long ended = Stopwatch.GetTimestamp();
        ClipSeconds += Stopwatch.GetElapsedTime(clips, updates).TotalSeconds;
        UpdateSeconds += Stopwatch.GetElapsedTime(updates, ended).TotalSeconds;
        return Stopwatch.GetElapsedTime(began, ended).TotalSeconds;
    }

    public void Dispose()
    {
        _scalarMemory.Dispose();
        _optimizer.Dispose();
        _arena.Dispose();
        Plan.Dispose();
        _model.Dispose();
    }
}
