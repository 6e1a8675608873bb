using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Optimizers;

/// <summary>A few parameters of every kind, gradients that are functions of (parameter, step), and an optimizer at work on them.</summary>
sealed class MatrixWorld : IDisposable
{
    public const float MaxNorm = 1, LearningRate = 0.01f;

    public static readonly (string Name, ParameterKind Kind, int Rows, int Columns)[] Parameters =
    [
        ("embed", ParameterKind.Embedding, 11, 6), ("0.q", ParameterKind.Matrix, 6, 6), ("0.up", ParameterKind.Matrix, 9, 6),
        ("0.norm", ParameterKind.Norm, 1, 6), ("0.down", ParameterKind.Matrix, 6, 9), ("1.q", ParameterKind.Matrix, 6, 6),
        ("1.k", ParameterKind.Matrix, 3, 6), ("1.bias", ParameterKind.Bias, 1, 5), ("head", ParameterKind.Head, 11, 6),
    ];

    readonly DeviceMemory _scalarMemory;
    readonly Tensor _scalars;
    readonly float[] _host = new float[(int)StepScalar.Count];

    public MatrixWorld(OptimizerRecipe optimizer, IKernels kernels)
    {
        Kernels = kernels;
        Store = new(CpuDevice.Instance, kernels is ReferenceKernels<double> ? DType.F64 : DType.F32);
        foreach (var (name, kind, rows, columns) in Parameters)
            Store.Add(name, rows == 1 ? new(columns) : new(rows, columns), new Initializer.Constant(0), kind);
        Store.Allocate(withGradients: true);
        foreach (var parameter in Store.Parameters)
            Store.Write(parameter, Start(parameter.Name).Values);
        var recipe = SmallRun.Base with { Optimizer = optimizer, Version = Recipe.NewestVersion };
        optimizer.Validate();
        Optimizer = optimizer.Create(recipe, Store);
        StateBytes = optimizer.StateBytes(recipe, Store);
        _scalarMemory = CpuDevice.Instance.Allocate(_host.Length * sizeof(float));
        _scalars = _scalarMemory.Tensor(DType.F32, new(_host.Length));
    }

    public IKernels Kernels { get; }

    public ParameterStore Store { get; }

    public IOptimizer Optimizer { get; }

    public long StateBytes { get; }

    public static PlainMatrix Start(string name)
    {
        var (_, _, rows, columns) = Parameters.Single(parameter => parameter.Name == name);
        return PlainMatrix.Random(name, rows, columns, 0.5).Map(x => (float)x);
    }

    /// <summary>As the model leaves it, not clipped.</summary>
    public static PlainMatrix Gradient(string name, int step)
    {
        var (_, _, rows, columns) = Parameters.Single(parameter => parameter.Name == name);
        return PlainMatrix.Random($"{name} {step}", rows, columns, 0.3).Map(x => (float)x);
    }

    /// <summary>As optimizers see it.</summary>
    public static PlainMatrix Clipped(string name, int step)
    {
        double norm = (float)Math.Sqrt(Parameters.Sum(parameter => Math.Pow(Gradient(parameter.Name, step).Norm, 2)));
        return (float)(MaxNorm / (float)norm) * Gradient(name, step);
    }

    /// <summary>Steps first .. last, counted from 1.</summary>
    public void Run(int first, int last, double? planted = null)
    {
        for (int step = first; step <= last; step++)
        {
            foreach (var parameter in Store.Parameters)
                Put(parameter.Gradient!.Data, Gradient(parameter.Name, step).Values);
            if (planted is { } value)
                Put(Store.Parameters[4].Gradient!.Data, [.. Enumerable.Repeat(value, 54)]);
            _host[(int)StepScalar.LearningRate] = LearningRate;
            Optimizer.Prepare(_host, step);
            _scalars.Write<float>(_host);
            Kernels.ClipByGlobalNorm(_scalars, Store.Gradients, MaxNorm);
            Optimizer.Step(Kernels, Store, _scalars);
        }
    }

    public PlainMatrix Weights(string name)
    {
        var parameter = Store.Parameters.Single(one => one.Name == name);
        return new(parameter.Shape.Rows, parameter.Shape.Columns) { Values = Get(parameter.Data) };
    }

    /// <summary>Weights and state, bit for bit.</summary>
    public List<byte[]> Everything() => [Bytes(Store.Weights), .. Optimizer.Slots.Select(slot => Bytes(slot.State))];

    public void CopyStateTo(MatrixWorld other)
    {
        other.Store.Weights.Write<byte>(Bytes(Store.Weights));
        foreach (var (name, state) in Optimizer.Slots)
            other.Optimizer.Slots.Single(slot => slot.Name == name).State.Write<byte>(Bytes(state));
    }

    public void Dispose()
    {
        _scalarMemory.Dispose();
        Optimizer.Dispose();
        Store.Dispose();
        (Kernels as IDisposable)?.Dispose();
    }

    static byte[] Bytes(Tensor tensor)
    {
        byte[] bytes = new byte[tensor.SizeInBytes];
        tensor.Read(bytes.AsSpan());
        return bytes;
    }

    public static void Put(Tensor tensor, double[] values)
    {
        if (tensor.DType == DType.F64)
            tensor.Write<double>(values);
        else
            tensor.Write<float>(Array.ConvertAll(values, x => (float)x));
    }

    public static double[] Get(Tensor tensor) =>
        tensor.DType == DType.F64 ? tensor.ToArray<double>() : Array.ConvertAll(tensor.ToArray<float>(), x => (double)x);
}
