using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// Final projection, softmax and cross-entropy, row chunk by row chunk, so that the whole logits matrix never exists.
/// The output is Σ weights[r] · loss[r]; the row weights carry every scale, the step's token count included, so the
/// upstream gradient is 1 by definition.
/// </summary>
/// <remarks>Wijmans et al. 2024, "Cut your losses"; Hsu et al. 2024, "Liger Kernel": the gradient replaces the logits.</remarks>
public sealed class LossHead : Op
{
    /// <summary>A chunk of logits stays near the cores' caches, unless that leaves too few rows.</summary>
    const int ChunkBytes = 32 << 20;

    // Every chunk reads and writes the head's whole gradient: fewer rows make that dearer than the products. More rows than
    // the most bring nothing, and cost memory.
    const int LeastRows = 256, MostRows = 512;

    readonly Value _hidden, _targets, _weights, _logits;
    readonly Parameter _head;
    readonly Parameter? _bias;
    readonly int _chunk;

    public LossHead(Value hidden, Parameter head, Value targets, Value weights, Parameter? bias = null)
        : base($"loss {head.Name}", [hidden, head, targets, weights, .. bias is null ? (Value[])[] : [bias]])
    {
        if (hidden.Columns != head.Columns)
            throw new ArgumentException($"{head.Name} {head.Shape} does not fit hidden states of {hidden.Columns} columns");
        if (targets.Rows != hidden.Rows || weights.Rows != hidden.Rows)
            throw new ArgumentException($"{hidden.Rows} rows need as many targets and weights, not {targets.Rows} and {weights.Rows}");
        if (bias is not null && bias.Shape.Length != head.Rows)
            throw new ArgumentException($"{bias.Name} {bias.Shape} does not fit the {head.Rows} outputs of {head.Name}");
        (_hidden, _head, _targets, _weights, _bias) = (hidden, head, targets, weights, bias);
        Output = new("loss", hidden.DType, new Shape(1));
        Losses = Saved("losses", hidden, 1);
        int rows = ChunkBytes / (head.Rows * hidden.DType.SizeInBytes()) / 16 * 16;
        _chunk = Math.Min(hidden.Rows, Math.Clamp(rows, LeastRows, MostRows));
        _logits = Scratch("logits", hidden.DType, new(_chunk, head.Rows));
    }

    /// <summary>(R, 1): the loss of each row in nats, unweighted.</summary>
    public Value Losses { get; }

    public override IEnumerable<Value> BackwardReads => [_hidden, _head, _targets, _weights];

    public override bool BackwardIncludesForward => true;

    public override long MultiplyAdds => (long)_hidden.Rows * _head.Shape.Length;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward && _bias is not null)
            demand.ColumnSum(_chunk, _head.Rows);
    }

    public override void Forward(IKernels k)
    {
        for (int start = 0; start < _hidden.Rows; start += _chunk)
        {
            var chunk = Chunk(start);
            k.MatMul(chunk.Logits, chunk.Hidden, _head.Data, Epilogue);
            k.CrossEntropy(chunk.Losses, chunk.Logits, chunk.Targets);
        }
        k.WeightedSum(Output.Data, Losses.Data, _weights.Data);
    }

    public override void Backward(IKernels k)
    {
        Sink dHidden = Gradient(_hidden), dHead = Gradient(_head), dBias = _bias is null ? Sink.Nowhere : Gradient(_bias);
        for (int start = 0; start < _hidden.Rows; start += _chunk)
        {
            var chunk = Chunk(start);
            k.MatMul(chunk.Logits, chunk.Hidden, _head.Data, Epilogue);
            k.CrossEntropyGradient(chunk.Losses, chunk.Logits, chunk.Targets, chunk.Weights);
            if (dHidden.IsWanted)
                k.MatMulInput(new(dHidden.Tensor.RowRange(start, chunk.Hidden.Rows), dHidden.Mode), chunk.Logits, _head.Data);
            if (dHead.IsWanted)
                k.MatMulWeight(start == 0 ? dHead : new(dHead.Tensor, SinkMode.Add), chunk.Logits, chunk.Hidden);
            if (dBias.IsWanted)
                k.ColumnSums(start == 0 ? dBias : new(dBias.Tensor, SinkMode.Add), chunk.Logits);
        }
        k.WeightedSum(Output.Data, Losses.Data, _weights.Data);
    }

    Epilogue Epilogue => new(_bias?.Data ?? default);

    (Tensor Hidden, Tensor Logits, Tensor Losses, Tensor Targets, Tensor Weights) Chunk(int start)
    {
        int count = Math.Min(_chunk, _hidden.Rows - start);
        var hidden = _hidden.Data.RowRange(start, count);
        var scratch = _logits.Data;
        var logits = new Tensor(scratch.Device, scratch.Address, scratch.DType, new(count, _head.Rows), hidden.Extent, start);
        return (hidden, logits, Losses.Data.RowRange(start, count), _targets.Data.RowRange(start, count),
            _weights.Data.RowRange(start, count));
    }
}
