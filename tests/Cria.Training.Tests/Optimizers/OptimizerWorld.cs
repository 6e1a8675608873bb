using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training.Tests.Optimizers;

/// <summary>A matrix, a norm and an embedding with made-up weights, an optimizer, and gradients that the test chooses.</summary>
sealed class OptimizerWorld : IDisposable
{
    readonly ParameterStore _store;
    readonly DeviceMemory _scalarMemory;
    readonly Tensor _scalars;
    readonly IKernels _kernels;
    readonly Recipe _recipe;
    readonly ISchedule _schedule;

    public OptimizerWorld(OptimizerRecipe optimizer, DType type = DType.F32, IKernels? kernels = null, int warmupSteps = 0)
    {
        _kernels = kernels ?? (type == DType.F64 ? new ReferenceKernels<double>() : KernelChoice.Best(threads: 1));
        _store = new(CpuDevice.Instance, type);
        var p = new ParameterScope(_store);
        var start = new Initializer.Normal(1);
        Matrix = p.Matrix("layers.0.weight", 3, 5, start);
        Norm = p.Ones("layers.0.norm.weight", 7);
        Embedding = p.Embedding("embedding.weight", 4, 5, start);
        _store.Allocate(withGradients: true);
        _store.Initialize(seed: 5);
        _recipe = SmallRun.Base with
        {
            Optimizer = optimizer,
            Schedule = new ConstantRecipe { WarmupSteps = warmupSteps },
            Steps = 10,
        };
        Optimizer = optimizer.Create(_recipe, _store);
        _schedule = _recipe.Schedule.Create(optimizer.LearningRate);
        _scalarMemory = CpuDevice.Instance.Allocate((long)StepScalar.Count * sizeof(float));
        _scalars = _scalarMemory.Tensor(DType.F32, new Shape((int)StepScalar.Count));
    }

    public IOptimizer Optimizer { get; }

    public Parameter Matrix { get; }

    public Parameter Norm { get; }

    public Parameter Embedding { get; }

    public ParameterStore Store => _store;

    public IKernels Kernels => _kernels;

    public Tensor Scalars => _scalars;

    public int StepsDone { get; private set; }

    /// <summary>The gradient of an element in a step: of either sign, and of sizes from 0.01 to 1.</summary>
    public static double Gradient(int element, int step) => (float)(Math.Sin(element * 1.7 + step * 2.3) * Math.Pow(10, -(element % 3)));

    /// <summary>Takes a step with these gradients, each parameter's elements counted from 0, unclipped.</summary>
    public void Step(Func<int, int, double>? gradient = null, float learningRateFactor = 1)
    {
        StepsDone++;
        foreach (var parameter in _store.Parameters)
            Write(parameter.Gradient!.Data, i => (gradient ?? Gradient)(i, StepsDone));
        float[] host = new float[(int)StepScalar.Count];
        host[(int)StepScalar.LearningRate] = _schedule.LearningRate(StepsDone - 1, new(_recipe.Steps)) * learningRateFactor;
        Optimizer.Prepare(host, StepsDone);
        _scalars.Write<float>(host);
        _kernels.ClipByGlobalNorm(_scalars, _store.Gradients, maxNorm: 0);
        Optimizer.Step(_kernels, _store, _scalars);
    }

    /// <summary>Gives an optimizer that asks for it such a second gradient.</summary>
    public void AddCurvature(Func<int, int, double> gradient, long tokens)
    {
        foreach (var parameter in _store.Parameters)
            Write(parameter.Gradient!.Data, i => gradient(i, StepsDone + 1));
        ((ICurvatureOptimizer)Optimizer).AddCurvature(_kernels, _store, tokens);
    }

    public double[] Numbers(Parameter parameter) => Numbers(parameter.Data);

    public static double[] Numbers(Tensor tensor) => tensor.DType == DType.F64
        ? tensor.ToArray<double>()
        : Array.ConvertAll(tensor.ToArray<float>(), x => (double)x);

    /// <summary>Every bit of the weights and of the state.</summary>
    public byte[] Everything() => [.. Optimizer.Slots.Select(slot => slot.State).Prepend(_store.Weights).SelectMany(Bytes)];

    public void Dispose()
    {
        Optimizer.Dispose();
        _scalarMemory.Dispose();
        _store.Dispose();
        (_kernels as IDisposable)?.Dispose();
    }

    static byte[] Bytes(Tensor tensor)
    {
        byte[] bytes = new byte[tensor.SizeInBytes];
        tensor.Read(bytes.AsSpan());
        return bytes;
    }

    static void Write(Tensor tensor, Func<int, double> value)
    {
        double[] values = [.. Enumerable.Range(0, (int)tensor.Length).Select(value)];
        if (tensor.DType == DType.F64)
            tensor.Write<double>(values);
        else
            tensor.Write<float>(Array.ConvertAll(values, x => (float)x));
    }
}
