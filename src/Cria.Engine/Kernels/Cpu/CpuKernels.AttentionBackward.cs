using System.Diagnostics;
using Cria.Engine.Kernels.Cpu.Attention;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void AttentionBackward(Sink dq, Sink dk, Sink dv, Tensor delta, Tensor dy, Tensor y, Tensor logSumExp,
        Tensor q, Tensor k, Tensor v, AttentionSpans spans, AttentionShape shape)
    {
        if (!dq.IsWanted && !dk.IsWanted && !dv.IsWanted)
            return;
        Debug.Assert(!spans.HasCache && dy.Shape == q.Shape && y.Shape == q.Shape && k.Shape == v.Shape);
        var deltaWork = new DeltaWork(Floats(delta), Floats(dy), Floats(y), shape.NumHeads, shape.HeadDim);
        ForRows(q.LiveRows, q.Columns, ref deltaWork);

        bool whole = FillSegments(spans, shape);
        long perWorker = GradientMemory<V, S>.Floats(shape.HeadDim, _segments.LongestKeys);
        float* mask = Scratch(AttentionGradientFloats(shape, _segments.LongestKeys));
        SoftmaxTile<V, S>.FillMask(mask);
        var data = new AttentionGradients(new(dq), new(dk), new(dv), Floats(delta), Floats(dy), Floats(logSumExp),
            Floats(q), Floats(k), Floats(v), shape, spans.Dropout);
        if (whole)
            Run(data, Part.Whole, mask, perWorker);
        else
        {
            Run(data, Part.KeyTile, mask, perWorker);
            Run(data, Part.QueryTile, mask, perWorker);
        }
    }

    long AttentionGradientFloats(AttentionShape shape, int keys) =>
        SoftmaxTile<V, S>.MaskLength + GradientMemory<V, S>.Floats(shape.HeadDim, keys) * _pool.Threads;

    void Run(in AttentionGradients data, Part part, float* mask, long perWorker)
    {
        var work = new AttentionBackwardWork(_segments, part, data, mask, perWorker);
        _pool.ForChunks(_segments.Items, 1, ref work);
    }

    /// <summary>What an item of backward does for its segment and key-value head; no bit depends on it.</summary>
    enum Part : byte
    {
        /// <summary>Everything, when there are items enough for all threads.</summary>
        Whole,

        /// <summary>The gradients of one tile of keys and values.</summary>
        KeyTile,

        /// <summary>The gradients of one tile of queries, for which scores are computed once more.</summary>
        QueryTile,
    }

    /// <summary>delta[r, head] = Σ dy · y: what the softmax's gradient subtracts.</summary>
    readonly struct DeltaWork(float* delta, float* dy, float* y, int heads, int dim) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            long last = (long)end * heads;
            for (long i = (long)start * heads; i < last; i++)
                delta[i] = Dot(dy + i * dim, y + i * dim, dim);
        }
    }

    /// <summary>A sink without its tensor's device.</summary>
    readonly struct Target(Sink sink)
    {
        readonly float* _data = sink.IsWanted ? Floats(sink.Tensor) : null;

        public float* Data => _data;

        public bool IsWanted => _data != null;

        public bool Adds { get; } = sink.Adds;
    }

    /// <summary>The tensors of a backward pass; letters as in <see cref="IKernels.AttentionBackward"/>.</summary>
    readonly struct AttentionGradients(Target dq, Target dk, Target dv, float* delta, float* dy, float* logSumExp,
        float* q, float* k, float* v, AttentionShape shape, DropoutMask dropout)
    {
        public Target Dq => dq;
        public Target Dk => dk;
        public Target Dv => dv;
        public float* Delta => delta;
        public float* Dy => dy;
        public float* LogSumExp => logSumExp;
        public float* Q => q;
        public float* K => k;
        public float* V => v;
        public AttentionShape Shape => shape;
        public DropoutMask Dropout => dropout;
    }
}
