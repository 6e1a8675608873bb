using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Graphs;

/// <summary>A small graph in float64 whose inputs are parameters, so that every gradient can be checked by differences.</summary>
sealed class GradientWorld : IDisposable
{
    readonly ParameterStore _store = new(CpuDevice.Instance, DType.F64);
    readonly List<IDisposable> _owned = [];
    readonly List<Action> _fills = [];

    public Graph Graph { get; } = new(DType.F64);

    public Parameter Matrix(string name, int rows, int columns) =>
        _store.Add(name, new(rows, columns), new Initializer.Normal(1), ParameterKind.Matrix);

    public Parameter Vector(string name, int length) =>
        _store.Add(name, new(length), new Initializer.Normal(1), ParameterKind.Bias);

    /// <summary>A prediction that nothing learns from.</summary>
    public Prediction Frozen(int rows, int width, int vocabulary, bool hasBias = false)
    {
        string name = $"teacher{_store.Parameters.Count}";
        Parameter hidden = Matrix($"{name} hidden", rows, width), head = Matrix($"{name} head", vocabulary, width);
        var bias = hasBias ? Vector($"{name} bias", vocabulary) : null;
        foreach (var parameter in (Parameter?[])[hidden, head, bias])
            parameter?.Trainable = false;
        return new(hidden, head, bias);
    }

    public Value Integers(string name, params int[] values)
    {
        var input = Graph.Input(name, DType.I32, new(values.Length, 1));
        _fills.Add(() => input.Data.Write<int>(values));
        return input;
    }

    public Value Numbers(string name, params double[] values)
    {
        var input = Graph.Input(name, DType.F64, new(values.Length, 1));
        _fills.Add(() => input.Data.Write<double>(values));
        return input;
    }

    /// <summary>What is kept of teachers' predictions, made of three random tokens of every row.</summary>
    public SparseTargets Kept(int rows, int vocabulary, double rest)
    {
        var kept = SparseTargets.In(Graph, rows, 4);
        double share = (1 - rest) / 3;
        _fills.Add(() =>
        {
            kept.Ids.Data.Write<int>([.. Enumerable.Range(0, rows).SelectMany(r => (int[])[r % 2, 2 + r % 3, vocabulary - 1 - r % 2, -1])]);
            kept.Shares.Data.Write<double>([.. Enumerable.Range(0, rows).SelectMany(r => (double[])[share / 2, share, share * 1.5, 9])]);
            kept.Logs.Data.Write<double>([.. Enumerable.Range(0, 4 * rows).Select(i => -1.0 - i % 5)]);
            kept.Rests.Data.Write<double>([.. Enumerable.Repeat(rest, rows)]);
        });
        return kept;
    }

    public Sequence Documents(params int[] lengths)
    {
        var sequence = new Sequence(Graph, lengths.Sum(), lengths.Length, lengths.Max()) { Dropout = new(Graph, seed: 5) };
        int[] starts = [.. lengths.Select((_, s) => lengths.Take(s).Sum())];
        _fills.Add(() => sequence.Fill(new int[lengths.Sum()], starts));
        _fills.Add(() => sequence.Dropout.Fill(firstRow: 40));
        return sequence;
    }

    public RopeTable Rope(int headDim, int rotaryDim)
    {
        var table = new RopeTable(CpuDevice.Instance, DType.F64, 64, headDim, theta: 100, rotaryDim);
        _owned.Add(table);
        return table;
    }

    /// <summary>
    /// Backward against central differences, element by element, within one millionth of the element's size and the root
    /// mean square of its tensor; then once more with accumulation, which doubles every gradient.
    /// </summary>
    public void Check(Value loss, int atMost = 60)
    {
        _store.Allocate(withGradients: true);
        _store.Initialize(seed: 1);
        using var plan = Plan.Training(Graph, loss, CpuDevice.Instance);
        using var arena = new Arena(CpuDevice.Instance, plan);
        var kernels = new ReferenceKernels<double>();
        _fills.ForEach(fill => fill());

        plan.Forward(kernels);
        plan.Backward(kernels);
        double[][] gradients = [.. _store.Parameters.Select(p => p.Gradient!.Data.ToArray<double>())];
        for (int i = 0; i < gradients.Length; i++)
            if (_store.Parameters[i].Trainable)
                CheckParameter(_store.Parameters[i], gradients[i], atMost);

        plan.Forward(kernels);
        plan.Backward(kernels);
        plan.Forward(kernels);
        plan.Backward(kernels, accumulate: true);
        for (int i = 0; i < gradients.Length; i++)
            Assert.Equal(gradients[i].Select(g => 2 * g), _store.Parameters[i].Gradient!.Data.ToArray<double>(), IsClose);

        void CheckParameter(Parameter parameter, double[] analytic, int count)
        {
            double size = Math.Sqrt(analytic.Select(g => g * g).Average());
            int stride = Math.Max(1, analytic.Length / count);
            for (int i = 0; i < analytic.Length; i += stride)
            {
                double numeric = Difference(ref parameter.Data.Span<double>()[i]);
                Assert.True(Math.Abs(analytic[i] - numeric) <= 1e-6 * (Math.Abs(numeric) + size),
                    $"{parameter.Name}[{i}]: backward says {analytic[i]:G9}, differences say {numeric:G9}");
            }
            Assert.NotEqual(0, size);
        }

        double Difference(ref double x)
        {
            const double Step = 1e-5;
            double before = x;
            x = before + Step;
            double above = Loss();
            x = before - Step;
            double below = Loss();
            x = before;
            return (above - below) / (2 * Step);
        }

        double Loss()
        {
            plan.Forward(kernels);
            if (plan.Steps.Any(s => s.Op.BackwardIncludesForward))
                plan.Backward(kernels); // a head's result comes with its gradient
            return loss.Data.Span<double>()[0];
        }
    }

    public void Dispose()
    {
        _owned.ForEach(table => table.Dispose());
        _store.Dispose();
    }

    static bool IsClose(double x, double y) => Math.Abs(x - y) <= 1e-12 * Math.Max(1, Math.Abs(x));
}
