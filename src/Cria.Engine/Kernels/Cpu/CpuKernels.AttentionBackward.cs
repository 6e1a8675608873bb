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

        _segments.Fill(spans, shape.NumKeyValueHeads, 0);
        long perWorker = AttentionBackwardWork.ScratchFloats(shape, _segments.LongestKeys);
        float* mask = Scratch(SoftmaxTile<V, S>.MaskLength + perWorker * _pool.Threads);
        SoftmaxTile<V, S>.FillMask(mask);
        var work = new AttentionBackwardWork(_segments, new(dq), new(dk), new(dv), Floats(delta), Floats(dy),
            Floats(logSumExp), Floats(q), Floats(k), Floats(v), shape, mask, perWorker);
        _pool.ForChunks(_segments.Items, 1, ref work);
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

    /// <summary>
    /// An item is one segment and one key-value head. Query tiles pass over the keys in order and each adds to the keys'
    /// gradients, so every sum has one order and no two threads share a place.
    /// </summary>
    readonly struct AttentionBackwardWork(SegmentTable table, Target dq, Target dk, Target dv, float* delta, float* dy,
        float* logSumExp, float* q, float* k, float* v, AttentionShape shape, float* mask, long perWorker) : IRowWork
    {
        readonly int _width = shape.NumHeads * shape.HeadDim, _keyWidth = shape.NumKeyValueHeads * shape.HeadDim;

        /// <summary>Columns of a packed row, in whole vectors.</summary>
        readonly int _stride = Packed<V, S>.Stride(shape.HeadDim);

        public static long ScratchFloats(AttentionShape shape, int keys) =>
            3L * TileSize * shape.HeadDim + 2 * TileSize * TileSize + 2 * TileSize
            + 2L * (TileSize + 2 * keys) * Packed<V, S>.Stride(shape.HeadDim) + Padded(1);

        public void Run(int start, int end, int worker)
        {
            var memory = new Memory(mask + SoftmaxTile<V, S>.MaskLength + perWorker * worker, shape.HeadDim, table.LongestKeys);
            for (int item = start; item < end; item++)
            {
                ref readonly var segment = ref table.Of(item);
                int keyHead = item - segment.FirstItem;
                KeyHead(segment.Span, keyHead, memory);
            }
        }

        void KeyHead(AttentionSpans.Span span, int keyHead, in Memory memory)
        {
            new Span<float>(memory.KeyGradient, span.KeyCount * _stride).Clear();
            new Span<float>(memory.ValueGradient, span.KeyCount * _stride).Clear();
            long offset = (long)span.FirstKey * _keyWidth + keyHead * shape.HeadDim;
            Packed<V, S>.Copy(memory.Keys, k + offset, _keyWidth, span.KeyCount, shape.HeadDim);
            Packed<V, S>.Copy(memory.Values, v + offset, _keyWidth, span.KeyCount, shape.HeadDim);
            for (int head = keyHead * shape.QueriesPerKey; head < (keyHead + 1) * shape.QueriesPerKey; head++)
                for (int first = 0; first < span.QueryCount; first += TileSize)
                    QueryTile(span, head, first, memory);
            Send(dk, memory.KeyGradient, span, keyHead, shape.Scale);
            Send(dv, memory.ValueGradient, span, keyHead, 1);
        }

        void QueryTile(AttentionSpans.Span span, int head, int first, in Memory memory)
        {
            int dim = shape.HeadDim, queries = Math.Min(TileSize, span.QueryCount - first);
            int vectors = (queries + S.Width - 1) / S.Width, wide = _stride / S.Width;
            long row = span.FirstQuery + first;
            Load(row, head, queries, memory);

            int seenByFirst = shape.Causal ? span.KeyCount - span.QueryCount + first + 1 : span.KeyCount;
            int seen = Math.Min(span.KeyCount, shape.Causal ? seenByFirst + queries - 1 : seenByFirst);
            for (int key = 0; key < seen; key += TileSize)
            {
                int keys = Math.Min(TileSize, seen - key);
                float* scores = memory.Scores, gradients = memory.Gradients, keyRows = memory.Keys + (long)key * _stride;
                int visible = Math.Min(TileSize, seenByFirst - key);
                Causal<V, S>.Scores(scores, new(keyRows, _stride, 1), memory.Queries, keys, vectors, dim, visible);
                Causal<V, S>.Scores(gradients, new(memory.Values + (long)key * _stride, _stride, 1), memory.Upstream, keys, vectors, dim, visible);
                SoftmaxTile<V, S>.Backward(scores, gradients, keys, vectors, memory.LogSumExp, memory.Delta, mask, visible);
                if (dv.IsWanted)
                    Causal<V, S>.Spread(memory.ValueGradient + (long)key * _stride, _stride, scores, memory.UpstreamRows, _stride,
                        keys, wide, queries, visible);
                if (dk.IsWanted)
                    Causal<V, S>.Spread(memory.KeyGradient + (long)key * _stride, _stride, gradients, memory.QueryRows, _stride,
                        keys, wide, queries, visible);
                if (dq.IsWanted)
                    Causal<V, S>.Mix(memory.QueryGradient, new(keyRows, 1, _stride), gradients, keys, vectors, dim,
                        visible, key == 0 ? Start.Zero : Start.Sum);
            }
            if (dq.IsWanted)
                Transposed.Copy(dq.Data + row * _width + head * dim, _width, memory.QueryGradient, TileSize, dim, queries,
                    shape.Scale, dq.Adds);
        }

        /// <summary>Brings a query tile and its upstream gradient into packed rows and into lanes.</summary>
        void Load(long row, int head, int queries, in Memory memory)
        {
            int dim = shape.HeadDim;
            if (queries < TileSize)
                memory.ClearLanes(dim);
            Packed<V, S>.Copy(memory.QueryRows, q + row * _width + head * dim, _width, queries, dim);
            Packed<V, S>.Copy(memory.UpstreamRows, dy + row * _width + head * dim, _width, queries, dim);
            Transposed.Copy(memory.Queries, TileSize, memory.QueryRows, _stride, queries, dim,
                shape.Scale * SoftmaxTile<V, S>.Log2E);
            Transposed.Copy(memory.Upstream, TileSize, memory.UpstreamRows, _stride, queries, dim);
            for (int i = 0; i < queries; i++)
            {
                long place = (row + i) * shape.NumHeads + head;
                memory.LogSumExp[i] = logSumExp[place] * SoftmaxTile<V, S>.Log2E;
                memory.Delta[i] = delta[place];
            }
        }

        void Send(Target target, float* gradient, AttentionSpans.Span span, int keyHead, float scale)
        {
            if (!target.IsWanted)
                return;
            int dim = shape.HeadDim;
            float* to = target.Data + (long)span.FirstKey * _keyWidth + keyHead * dim;
            V factor = S.Splat(scale);
            for (int j = 0; j < span.KeyCount; j++, to += _keyWidth, gradient += _stride)
            {
                int d = 0;
                for (; d <= dim - S.Width; d += S.Width)
                    CpuKernels<V, S>.Send(to, target.Adds, d, S.Multiply(S.Load(gradient + d), factor));
                if (d < dim)
                    SendPartial(to, target.Adds, d, S.Multiply(S.Load(gradient + d), factor), dim - d);
            }
        }

        /// <summary>One thread's scratch.</summary>
        readonly struct Memory(float* data, int dim, int keys)
        {
            readonly int _tile = TileSize * dim, _packed = TileSize * Packed<V, S>.Stride(dim);

            readonly long _segment = (long)keys * Packed<V, S>.Stride(dim);

            /// <summary>(D, tile), scaled</summary>
            public float* Queries => data;

            /// <summary>(D, tile)</summary>
            public float* Upstream => Queries + _tile;

            /// <summary>(D, tile)</summary>
            public float* QueryGradient => Upstream + _tile;

            /// <summary>(keys, queries), then probabilities</summary>
            public float* Scores => QueryGradient + _tile;

            /// <summary>(keys, queries): of the probabilities, then of the scores</summary>
            public float* Gradients => Scores + TileSize * TileSize;

            public float* LogSumExp => Gradients + TileSize * TileSize;

            public float* Delta => LogSumExp + TileSize;

            /// <summary>(queries, D)</summary>
            public float* QueryRows => Delta + TileSize;

            /// <summary>(queries, D)</summary>
            public float* UpstreamRows => QueryRows + _packed;

            /// <summary>(keys of the segment, D)</summary>
            public float* Keys => UpstreamRows + _packed;

            public float* Values => Keys + _segment;

            public float* KeyGradient => Values + _segment;

            public float* ValueGradient => KeyGradient + _segment;

            /// <summary>Lanes without a query hold zeros, which add nothing.</summary>
            public void ClearLanes(int headDim)
            {
                new Span<float>(Queries, 2 * TileSize * headDim).Clear();
                new Span<float>(LogSumExp, 2 * TileSize).Clear();
            }
        }
    }
}
