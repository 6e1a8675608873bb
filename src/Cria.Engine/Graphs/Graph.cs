using System.Runtime.CompilerServices;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// Records operations in the order a model calls them. Recording runs no arithmetic: a <see cref="Plan"/> gives the
/// values memory and runs the operations, step after step.
/// </summary>
public sealed class Graph(DType type = DType.F32)
{
    readonly List<Op> _ops = [];
    readonly List<Value> _inputs = [];
    bool _isPlanned;

    /// <summary>The type of activations; parameters must have it too.</summary>
    public DType DType => type;

    public IReadOnlyList<Op> Ops => _ops;

    public IReadOnlyList<Value> Inputs => _inputs;

    /// <summary>I32 (1): how many rows of the capacity this step uses. An input that every row-wise value follows.</summary>
    public Value Extent { get; } = new("extent", DType.I32, new Shape(1));

    /// <summary>A value the caller fills before each run.</summary>
    public Value Input(string name, DType inputType, Shape shape, bool followsExtent = false)
    {
        var value = new Value(name, inputType, shape) { FollowsExtent = followsExtent };
        _inputs.Add(value);
        return value;
    }

    /// <summary>y = x · wᵀ: (R, C), (N, C) → (R, N)</summary>
    public Value MatMul(Value x, Parameter w, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Record(new MatMul(x, w), file, line);

    /// <summary>y = x · wᵀ + bias + residual: (R, C), (N, C), (N), (R, N) → (R, N); what is null is not added.</summary>
    public Value MatMul(Value x, Parameter w, Parameter? bias, Value? residual = null, [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        Record(new MatMul(x, w, bias, residual), file, line);

    /// <summary>Rows of a table: ids (R, 1) → (R, H); a frozen row gets no gradient.</summary>
    public Value Embed(Parameter table, Value ids, int? frozenRow = null, [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        Record(new Embed(table, ids, frozenRow), file, line);

    /// <summary>a + b</summary>
    public Value Add(Value a, Value b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Record(new Pointwise<Sum>(a, b), file, line);

    /// <summary>silu(gate) · up</summary>
    public Value SwiGlu(Value gate, Value up, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Record(new Pointwise<SwiGlu>(gate, up), file, line);

    /// <summary>x · σ(2u), GPT-2's GELU in its tanh form</summary>
    public Value Gelu(Value x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Record(new Activation<Gelu>(x), file, line);

    /// <summary>x · Φ(x), the exact GELU</summary>
    public Value ErfGelu(Value x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Record(new Activation<ErfGelu>(x), file, line);

    /// <summary>x / rms(x) · weight, head by head where there are several</summary>
    public Value RmsNorm(Value x, Parameter weight, float epsilon, int heads = 1, [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        Record(new RmsNorm(x, weight, epsilon, heads), file, line);

    /// <summary>(x − mean) / √(variance + ε) · weight + bias, if there is one</summary>
    public Value LayerNorm(Value x, Parameter weight, Parameter? bias, float epsilon, [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        Record(new LayerNorm(x, weight, bias, epsilon), file, line);

    /// <summary>Rotary positions on every head of x, half-split pairs.</summary>
    public Value Rope(Value x, Value positions, RopeTable table, [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        Record(new Rope(x, positions, table), file, line);

    /// <summary>Softmax attention within the segments of s: q (R, N·D), k and v (R, K·D) → (R, N·D)</summary>
    /// <param name="dropout">The share of the probabilities that training drops.</param>
    public Value Attention(Value q, Value k, Value v, Sequence s, AttentionShape shape, float dropout = 0,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Record(new Attention(q, k, v, s, shape, dropout), file, line);

    /// <summary>Drops a share of x's numbers in training, and leaves x as it is elsewhere.</summary>
    public Value Dropout(Value x, float rate, Sequence s, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        s.Drops(rate) ? Record(new Dropout(x, rate, s.Dropout), file, line) : x;

    /// <summary>Appends k's (or v's) rows to a cache; the output is the cache.</summary>
    public Value CacheWrite(Value cache, Value rows, Sequence s, [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        Record(new CacheWrite(cache, rows, s), file, line);

    /// <summary>Projection (with a bias, if there is one), softmax and cross-entropy in row chunks → the weighted loss (1).</summary>
    public LossHead CrossEntropyHead(Value hidden, Parameter head, Value targets, Value weights, Parameter? bias = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var op = new LossHead(new(hidden, head, bias), targets, weights);
        Record(op, file, line);
        return op;
    }

    /// <summary>A value has one address and an op one set of gradient modes, so a graph serves one plan.</summary>
    internal void BeginPlan()
    {
        if (_isPlanned)
            throw new InvalidOperationException("this graph has a plan already; record the model again for another");
        _isPlanned = true;
    }

    public Value Record(Op op, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        op.Caller = $"{Path.GetFileName(file)}:{line}";
        _ops.Add(op);
        return op.Output;
    }
}
