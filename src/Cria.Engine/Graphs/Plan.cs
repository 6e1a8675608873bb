using System.Diagnostics;
using System.Numerics;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>How a plan lays out a step.</summary>
/// <param name="Recompute">Drop the outputs of cheap ops after forward and make them again for backward.</param>
/// <param name="ShareMemory">False gives every value memory of its own: slower, and a witness against the planner.</param>
/// <param name="Activations">How forward values wait for backward.</param>
public sealed record PlanOptions(bool Recompute = false, bool ShareMemory = true, Storage Activations = Storage.F32);

/// <summary>
/// A recorded step, ordered and laid out in one arena. Running it allocates nothing: forward is the ops in order,
/// backward the list the planner derived.
/// </summary>
public sealed class Plan : IDisposable
{
    readonly PlanStep[] _steps;
    readonly int _forwardCount;
    readonly ArenaLayout _layout;
    readonly Dictionary<Value, Lifetime> _lifetimes;
    readonly Op.PassState _pass = new();
    readonly DeviceMemory? _seed;
    readonly Value _extent;

    Plan(Graph graph, Value? loss, IReadOnlyList<Value> results, IDevice device, PlanOptions options)
    {
        graph.BeginPlan();
        var backward = loss is null ? [] : Differentiation.Run(graph.Ops, loss);
        _steps = [.. loss is null ? Schedule.Forward(graph.Ops) : Schedule.Training(graph.Ops, backward, options, results)];
        _forwardCount = _steps.Count(step => step.IsForward);
        _lifetimes = Lifetimes.Of(_steps, [graph.Extent, .. graph.Inputs], results);
        if (loss is not null)
        {
            _lifetimes.Remove(loss.Gradient!);
            _seed = device.Allocate(loss.Gradient!.SizeInBytes);
            var upstream = _seed.Tensor(loss.DType, loss.Shape);
            if (loss.DType == DType.F64)
                upstream.Write<double>(OneAndZeros<double>(loss.Shape));
            else
                upstream.Write<float>(OneAndZeros<float>(loss.Shape));
            loss.Gradient.Bind(upstream);
        }
        _layout = options.ShareMemory ? ArenaLayout.FirstFit(_lifetimes) : ArenaLayout.Unshared(_lifetimes);
        _extent = graph.Extent;
        Device = device;
        foreach (var op in graph.Ops)
            op.Pass = _pass;
    }

    public IDevice Device { get; }

    /// <summary>A plan that only computes, and keeps the results until the end.</summary>
    public static Plan Forward(Graph graph, IDevice device, params IReadOnlyList<Value> results) =>
        new(graph, null, results, device, new());

    /// <summary>A plan that also computes the gradients of the loss, which is the first number of its value.</summary>
    /// <param name="keep">Further results to keep until the end.</param>
    public static Plan Training(Graph graph, Value loss, IDevice device, PlanOptions? options = null, params IReadOnlyList<Value> keep) =>
        new(graph, loss, [loss, .. keep], device, options ?? new());

    public IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>The bytes the plan needs of an arena.</summary>
    public long ArenaBytes => _layout.SizeInBytes;

    /// <summary>What the plan allocates by itself: the loss's own gradient.</summary>
    public long SeedBytes => _seed?.SizeInBytes ?? 0;

    /// <summary>What the same values would take without sharing.</summary>
    public long UnsharedBytes => _lifetimes.Keys.Sum(value => value.SizeInBytes);

    /// <summary>Ticks spent in each step since the plan was made, when profiling is on.</summary>
    public long[]? ProfileTicks { get; private set; }

    /// <summary>The steps between which a value lives; null if the arena does not hold it.</summary>
    public IReadOnlyList<(int First, int Last)>? LifetimeOf(Value value) =>
        _lifetimes.TryGetValue(value, out var lifetime) ? lifetime.Spans : null;

    public void Profile() => ProfileTicks = new long[_steps.Length];

    /// <summary>Gives every value its address in the arena.</summary>
    /// <exception cref="InvalidOperationException">A trainable parameter has no memory for its gradient.</exception>
    internal void Bind(DeviceMemory arena)
    {
        foreach (var (op, pass) in _steps)
            if (pass == Pass.Backward)
                foreach (var input in op.Inputs)
                    if (input is Parameter { Trainable: true } && input.Gradient!.Data.IsNothing)
                        throw new InvalidOperationException($"{input.Name} is trainable but its store has no gradients");
        nint extent = arena.Address + (nint)_layout.Offsets[_extent];
        foreach (var (value, offset) in _layout.Offsets)
            value.Bind(new(Device, arena.Address + (nint)offset, value.DType, value.Shape, value.FollowsExtent ? extent : 0));
    }

    /// <summary>Tells what of a backend's own memory the plan's ops need.</summary>
    public void Demand(ScratchDemand demand)
    {
        foreach (var (op, pass) in _steps)
            op.Demand(demand, pass == Pass.Backward);
    }

    public void Forward(IKernels kernels) => Run(kernels, 0, _forwardCount);

    /// <summary>The gradients of the forward pass that ran last.</summary>
    /// <param name="accumulate">Add to the parameters' gradients instead of overwriting them.</param>
    public void Backward(IKernels kernels, bool accumulate = false)
    {
        _pass.Accumulates = accumulate;
        Run(kernels, _forwardCount, _steps.Length);
    }

    public void Dispose() => _seed?.Dispose();

    static T[] OneAndZeros<T>(Shape shape) where T : INumber<T>
    {
        var numbers = new T[shape.Length];
        numbers[0] = T.One;
        return numbers;
    }

    void Run(IKernels kernels, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            long before = ProfileTicks is null ? 0 : Stopwatch.GetTimestamp();
            var (op, pass) = _steps[i];
            switch (pass)
            {
                case Pass.Backward:
                    op.Backward(kernels);
                    break;
                case Pass.Store:
                    kernels.Convert(_steps[i].Waiting!.Copy.Data, _steps[i].Waiting!.Value.Data);
                    break;
                case Pass.Restore:
                    kernels.Convert(_steps[i].Waiting!.Value.Data, _steps[i].Waiting!.Copy.Data);
                    break;
                default:
                    op.Forward(kernels);
                    break;
            }
            if (ProfileTicks is not null)
                ProfileTicks[i] += Stopwatch.GetTimestamp() - before;
        }
    }
}
