using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// Softmax attention within segments, in tiles, without a T × T matrix. Dao et al. 2022, "FlashAttention": backward
/// recomputes the probabilities from the kept log-sum-exp.
/// </summary>
public sealed class Attention : Op
{
    readonly Value _q, _k, _v, _logSumExp, _delta;
    readonly Sequence _sequence;
    readonly AttentionShape _shape;
    readonly float _dropout;
    readonly Value? _place;
    readonly Philox _stream;

    public Attention(Value q, Value k, Value v, Sequence sequence, AttentionShape shape, float dropout = 0)
        : base("attention", [q, k, v, sequence.Starts, .. sequence.Drops(dropout) ? (Value[])[sequence.Dropout.Place] : []])
    {
        if (q.Columns != shape.NumHeads * shape.HeadDim || k.Columns != shape.NumKeyValueHeads * shape.HeadDim)
            throw new ArgumentException($"queries of {q.Columns} and keys of {k.Columns} columns do not fit {shape}");
        if (k.Shape != v.Shape || shape.NumHeads % shape.NumKeyValueHeads != 0)
            throw new ArgumentException($"keys {k.Shape} and values {v.Shape} do not fit {shape}");
        (_q, _k, _v, _sequence, _shape) = (q, k, v, sequence, shape);
        if (sequence.Drops(dropout))
            (_dropout, _place, _stream) = (dropout, sequence.Dropout.Place, sequence.Dropout.NextStream());
        Output = Like(q, "attended");
        _logSumExp = Saved("log_sum_exp", q, shape.NumHeads);
        _delta = Scratch("delta", q.DType, new(q.Rows, shape.NumHeads));
    }

    public override IEnumerable<Value> BackwardReads =>
        [_q, _k, _v, Output, _logSumExp, _sequence.Starts, .. _place is null ? (Value[])[] : [_place]];

    /// <summary>Two products of T × T, half of them where causal.</summary>
    public override long MultiplyAdds =>
        (long)_q.Rows * _sequence.MaxLength * _q.Columns * (_shape.Causal ? 1 : 2);

    public override void Demand(ScratchDemand demand, bool backward) =>
        demand.Attention(_shape, _sequence.LongestKeys, backward);

    public override void Forward(IKernels k) =>
        k.Attention(Output.Data, _logSumExp.Data, _q.Data, _k.Data, _v.Data, Spans, _shape);

    public override void Backward(IKernels k) =>
        k.AttentionBackward(Gradient(_q), Gradient(_k), Gradient(_v), _delta.Data, Upstream, Output.Data,
            _logSumExp.Data, _q.Data, _k.Data, _v.Data, Spans, _shape);

    AttentionSpans Spans => _place is null
        ? _sequence.Spans
        : _sequence.Spans with { Dropout = new(_dropout, _stream, _place.Data) };
}
