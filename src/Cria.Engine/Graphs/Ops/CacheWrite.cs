using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>Appends the step's keys (or values) to each sequence's cache. Decoding only: it has no gradient.</summary>
public sealed class CacheWrite : Op
{
    readonly Value _rows;
    readonly Sequence _sequence;

    public CacheWrite(Value cache, Value rows, Sequence sequence) : base("cache", rows, sequence.Starts)
    {
        if (cache.Columns != rows.Columns)
            throw new ArgumentException($"a cache of {cache.Columns} columns cannot hold rows of {rows.Columns}");
        (_rows, _sequence) = (rows, sequence);
        Output = cache;
    }

    public override IEnumerable<Value> BackwardReads => [];

    public override void Forward(IKernels k) => k.CacheWrite(Output.Data, _rows.Data, _sequence.Spans);

    public override void Backward(IKernels k) => throw new NotSupportedException("a cache is for decoding, not training");
}
