using System.Runtime.CompilerServices;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// One operation of a recorded step. <see cref="Forward"/> and <see cref="Backward"/> stand side by side in every op, and
/// what backward reads is declared, so that the planner keeps exactly that alive.
/// </summary>
public abstract class Op
{
    readonly List<Value> _saved = [], _scratch = [];

    protected Op(string name, params Value[] inputs)
    {
        (Name, Inputs) = (name, inputs);
        Output = null!;
    }

    public string Name { get; }

    public IReadOnlyList<Value> Inputs { get; }

    public Value Output { get; protected init; }

    /// <summary>Values besides the output that forward writes for backward to read.</summary>
    public IReadOnlyList<Value> SavedValues => _saved;

    /// <summary>Values that hold nothing before or after the op runs.</summary>
    public IReadOnlyList<Value> ScratchValues => _scratch;

    /// <summary>The forward values that backward reads.</summary>
    public abstract IEnumerable<Value> BackwardReads { get; }

    /// <summary>
    /// Values that lose little where they wait for backward in BF16: an activation, but not the statistics of a softmax or
    /// of a norm, which stand in exponents and factors.
    /// </summary>
    public virtual IEnumerable<Value> MayWaitRounded => [Output];

    /// <summary>Cheap to run again: with recomputation its output is dropped after forward and made anew for backward.</summary>
    public virtual bool IsCheap => false;

    /// <summary>In a training plan the op's backward also does all that its forward does, and forward is not run.</summary>
    public virtual bool BackwardIncludesForward => false;

    /// <summary>Where the model called it.</summary>
    public string Caller { get; internal set; } = "";

    /// <summary>Tells what of a backend's own memory the op's kernels need; most need none.</summary>
    /// <param name="demand">Collects it.</param>
    /// <param name="backward">The plan also runs the op backward.</param>
    public virtual void Demand(ScratchDemand demand, bool backward)
    {
    }

    /// <summary>The number of multiply-adds of a forward pass, for the plan's table; 0 where it is not counted.</summary>
    public virtual long MultiplyAdds => 0;

    public abstract void Forward(IKernels k);

    /// <summary>Sends the output's gradient to the inputs.</summary>
    public abstract void Backward(IKernels k);

    /// <summary>How each input's gradient is written: [0] in the first micro-batch of a step, [1] in later ones.</summary>
    internal SinkMode[][] Modes { get; set; } = [[], []];

    internal PassState Pass { get; set; } = new();

    /// <summary>The output's gradient.</summary>
    protected Tensor Upstream => Output.Gradient!.Data;

    /// <summary>Where the gradient of an input goes.</summary>
    protected Sink Gradient(Value input)
    {
        var modes = Modes[Pass.Accumulates ? 1 : 0];
        for (int i = 0; i < modes.Length; i++)
            if (ReferenceEquals(Inputs[i], input))
                return modes[i] == SinkMode.Nowhere ? Sink.Nowhere : new(input.Gradient!.Data, modes[i]);
        return Sink.Nowhere;
    }

    protected static Value Like(Value x, [CallerMemberName] string name = "") =>
        new(name, x.DType, x.Shape) { FollowsExtent = x.FollowsExtent };

    /// <summary>An output with x's rows and other columns.</summary>
    protected static Value Rows(string name, Value x, int columns) =>
        new(name, x.DType, new Shape(x.Rows, columns)) { FollowsExtent = x.FollowsExtent };

    protected Value Saved(string name, Value x, int columns)
    {
        var value = Rows(name, x, columns);
        _saved.Add(value);
        return value;
    }

    protected Value Scratch(string name, DType type, Shape shape)
    {
        var value = new Value(name, type, shape);
        _scratch.Add(value);
        return value;
    }

    /// <summary>What the ops of one plan need to know of the pass that runs.</summary>
    internal sealed class PassState
    {
        public bool Accumulates { get; set; }
    }
}
