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

        /// <summary>Columns of a head in whole vectors.</summary>
        readonly int _lanes = Lanes(shape.HeadDim);

        public static long ScratchFloats(AttentionShape shape, int keys) =>
            3L * TileSize * shape.HeadDim + 2 * TileSize * TileSize + 2 * TileSize
            + 2L * TileSize * Lanes(shape.HeadDim) + 2L * keys * Lanes(shape.HeadDim) + Padded(1);

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
            new Span<float>(memory.KeyGradient, span.KeyCount * _lanes).Clear();
            new Span<float>(memory.ValueGradient, span.KeyCount * _lanes).Clear();
            for (int head = keyHead * shape.QueriesPerKey; head < (keyHead + 1) * shape.QueriesPerKey; head++)
                for (int first = 0; first < span.QueryCount; first += TileSize)
                    QueryTile(span, keyHead, head, first, memory);
            Send(dk, memory.KeyGradient, span, keyHead, shape.Scale);
            Send(dv, memory.ValueGradient, span, keyHead, 1);
        }

        void QueryTile(AttentionSpans.Span span, int keyHead, int head, int first, in Memory memory)
        {
            int dim = shape.HeadDim, queries = Math.Min(TileSize, span.QueryCount - first);
            int vectors = (queries + S.Width - 1) / S.Width, wide = _lanes / S.Width;
            long row = span.FirstQuery + first;
            Load(row, head, queries, memory, out float* queryRows, out float* upRows, out int stride);

            int seenByFirst = shape.Causal ? span.KeyCount - span.QueryCount + first + 1 : span.KeyCount;
            int seen = Math.Min(span.KeyCount, shape.Causal ? seenByFirst + queries - 1 : seenByFirst);
            for (int key = 0; key < seen; key += TileSize)
            {
                int keys = Math.Min(TileSize, seen - key);
                long offset = (long)(span.FirstKey + key) * _keyWidth + keyHead * dim;
                float* scores = memory.Scores, gradients = memory.Gradients;
                Tile<V, S>.Product(scores, TileSize, new(k + offset, _keyWidth, 1), memory.Queries, TileSize, keys, vectors,
                    dim, Start.Zero);
                Tile<V, S>.Product(gradients, TileSize, new(v + offset, _keyWidth, 1), memory.Upstream, TileSize, keys,
                    vectors, dim, Start.Zero);
                SoftmaxTile<V, S>.Backward(scores, gradients, keys, vectors, memory.LogSumExp, memory.Delta, mask,
                    seenByFirst - key);
                if (dv.IsWanted)
                    Tile<V, S>.Product(memory.ValueGradient + (long)key * _lanes, _lanes, new(scores, TileSize, 1), upRows,
                        stride, keys, wide, queries, Start.Sum);
                if (dk.IsWanted)
                    Tile<V, S>.Product(memory.KeyGradient + (long)key * _lanes, _lanes, new(gradients, TileSize, 1),
                        queryRows, stride, keys, wide, queries, Start.Sum);
                if (dq.IsWanted)
                    Tile<V, S>.Product(memory.QueryGradient, TileSize, new(k + offset, 1, _keyWidth), gradients, TileSize,
                        dim, vectors, keys, key == 0 ? Start.Zero : Start.Sum);
            }
            if (dq.IsWanted)
                Transposed.Copy(dq.Data + row * _width + head * dim, _width, memory.QueryGradient, TileSize, dim, queries,
                    shape.Scale, dq.Adds);
        }

        /// <summary>Brings a query tile and its upstream gradient into lanes, and finds (or pads) their rows.</summary>
        void Load(long row, int head, int queries, in Memory memory, out float* queryRows, out float* upRows, out int stride)
        {
            int dim = shape.HeadDim;
            if (queries < TileSize)
                memory.ClearLanes(dim);
            queryRows = q + row * _width + head * dim;
            upRows = dy + row * _width + head * dim;
            stride = _width;
            Transposed.Copy(memory.Queries, TileSize, queryRows, stride, queries, dim, shape.Scale);
            Transposed.Copy(memory.Upstream, TileSize, upRows, stride, queries, dim);
            for (int i = 0; i < queries; i++)
            {
                long place = (row + i) * shape.NumHeads + head;
                (memory.LogSumExp[i], memory.Delta[i]) = (logSumExp[place], delta[place]);
            }
            if (_lanes == dim)
                return;
            Pad(memory.PaddedQueries, queryRows, queries);
            Pad(memory.PaddedUpstream, upRows, queries);
            queryRows = memory.PaddedQueries;
            upRows = memory.PaddedUpstream;
            stride = _lanes;
        }

        /// <summary>Copies rows so that reading whole vectors stays inside, and gives zeros beyond the head.</summary>
        void Pad(float* target, float* source, int rows)
        {
            for (int i = 0; i < rows; i++, target += _lanes, source += _width)
            {
                new Span<float>(target, _lanes).Clear();
                new Span<float>(source, shape.HeadDim).CopyTo(new Span<float>(target, _lanes));
            }
        }

        void Send(Target target, float* gradient, AttentionSpans.Span span, int keyHead, float scale)
        {
            if (!target.IsWanted)
                return;
            int dim = shape.HeadDim;
            float* to = target.Data + (long)span.FirstKey * _keyWidth + keyHead * dim;
            V factor = S.Splat(scale);
            for (int j = 0; j < span.KeyCount; j++, to += _keyWidth, gradient += _lanes)
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
            readonly int _tile = TileSize * dim, _padded = TileSize * Lanes(dim);

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

            /// <summary>(queries, whole vectors)</summary>
            public float* PaddedQueries => Delta + TileSize;

            public float* PaddedUpstream => PaddedQueries + _padded;

            /// <summary>(keys of the segment, whole vectors)</summary>
            public float* KeyGradient => PaddedUpstream + _padded;

            public float* ValueGradient => KeyGradient + (long)keys * Lanes(dim);

            /// <summary>Lanes without a query hold zeros, which add nothing.</summary>
            public void ClearLanes(int headDim)
            {
                new Span<float>(Queries, 2 * TileSize * headDim).Clear();
                new Span<float>(LogSumExp, 2 * TileSize).Clear();
            }
        }
    }

    static int Lanes(int columns) => (columns + S.Width - 1) / S.Width * S.Width;
}
