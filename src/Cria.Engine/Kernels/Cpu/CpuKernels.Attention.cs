using System.Diagnostics;
using Cria.Engine.Kernels.Cpu.Attention;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    /// <summary>Queries and keys of a tile, counted from the start of a segment: packing does not move them.</summary>
    const int TileSize = SoftmaxTile<V, S>.Size;

    /// <summary>Segments with so few queries go key by key in lanes instead: same bits, less work.</summary>
    const int FewQueries = 2;

    /// <summary>Multiply-adds below which waking threads costs more than it brings.</summary>
    const long SmallAttention = 1 << 16;

    readonly SegmentTable _segments = new();

    /// <remarks>Dao et al. 2022, "FlashAttention"; Milakov and Gimelshein 2018 for the running softmax.</remarks>
    public void Attention(Tensor y, Tensor logSumExp, Tensor q, Tensor k, Tensor v, AttentionSpans spans,
        AttentionShape shape)
    {
        Debug.Assert(y.Shape == q.Shape && k.Shape == v.Shape && logSumExp.Columns == shape.NumHeads);
        Debug.Assert(q.Columns == shape.NumHeads * shape.HeadDim);
        Debug.Assert(k.Columns == shape.NumKeyValueHeads * shape.HeadDim);
        bool whole = FillSegments(spans, shape);
        long perWorker = AttentionWork.ScratchFloats(shape, _segments.LongestKeys);
        float* mask = Scratch(AttentionFloats(shape, _segments.LongestKeys));
        SoftmaxTile<V, S>.FillMask(mask);
        var work = new AttentionWork(
            _segments, whole, Floats(y), Floats(logSumExp), Floats(q), Floats(k), Floats(v), shape, spans.Dropout, mask, perWorker);
        if ((long)q.LiveRows * _segments.LongestKeys * q.Columns < SmallAttention)
            work.Run(0, _segments.Items, 0);
        else
            _pool.ForChunks(_segments.Items, 1, ref work);
    }

    long AttentionFloats(AttentionShape shape, int keys) =>
        SoftmaxTile<V, S>.MaskLength + AttentionWork.ScratchFloats(shape, keys) * _pool.Threads;

    /// <summary>Cuts segments into tiles only where whole ones are too few for the threads; else true.</summary>
    bool FillSegments(AttentionSpans spans, AttentionShape shape)
    {
        _segments.Fill(spans, shape.NumKeyValueHeads, 0);
        bool whole = _pool.Threads == 1 || _segments.Items >= 2 * _pool.Threads;
        if (!whole)
            _segments.Fill(spans, shape.NumKeyValueHeads, TileSize);
        return whole;
    }

    /// <summary>
    /// An item is one segment, or one query tile of it, for all query heads that share a key-value head.
    /// </summary>
    readonly partial struct AttentionWork(SegmentTable table, bool whole, float* y, float* logSumExp, float* q,
        float* k, float* v, AttentionShape shape, DropoutMask dropout, float* mask, long perWorker) : IRowWork
    {
        readonly long _firstRow = dropout.Drops ? dropout.FirstRow : 0;

        readonly int _width = shape.NumHeads * shape.HeadDim, _keyWidth = shape.NumKeyValueHeads * shape.HeadDim;

        readonly int _stride = Packed<V, S>.Stride(shape.HeadDim);

        public static long ScratchFloats(AttentionShape shape, int keys) =>
            TileSize * shape.HeadDim + (TileSize + 2L * keys) * Packed<V, S>.Stride(shape.HeadDim) + TileSize * (TileSize + 3)
            + (long)shape.QueriesPerKey * Padded(2 * shape.HeadDim + TileSize + 3) + TileMask<V, S>.Length;

        public void Run(int start, int end, int worker)
        {
            float* memory = mask + SoftmaxTile<V, S>.MaskLength + perWorker * worker;
            for (int item = start; item < end; item++)
            {
                ref readonly var segment = ref table.Of(item);
                int local = item - segment.FirstItem, tiles = segment.Items / shape.NumKeyValueHeads;
                int keyHead = local / tiles, queries = segment.Span.QueryCount;
                if (queries <= FewQueries && shape.HeadDim % S.Width == 0 && !dropout.Drops)
                {
                    for (int i = 0; i < queries; i++)
                        Query(segment.Span, keyHead, i, memory);
                    continue;
                }
                int first = (tiles - 1 - local % tiles) * TileSize; // the tiles that see most come first
                KeyHead(segment.Span, keyHead, first, whole ? queries : Math.Min(first + TileSize, queries), memory);
            }
        }

        /// <summary>The queries first .. last of all heads that share a key-value head.</summary>
        void KeyHead(AttentionSpans.Span span, int keyHead, int first, int last, float* memory)
        {
            int dim = shape.HeadDim, seen = shape.Causal ? span.KeyCount - span.QueryCount + last : span.KeyCount;
            float* keyRows = memory, valueRows = keyRows + (long)seen * _stride;
            float* tiles = valueRows + (long)seen * _stride;
            long offset = (long)span.FirstKey * _keyWidth + keyHead * dim;
            Packed<V, S>.Copy(keyRows, k + offset, _keyWidth, seen, dim);
            Packed<V, S>.Copy(valueRows, v + offset, _keyWidth, seen, dim);
            for (int head = keyHead * shape.QueriesPerKey; head < (keyHead + 1) * shape.QueriesPerKey; head++)
                for (int tile = first; tile < last; tile += TileSize)
                    QueryTile(span, head, tile, keyRows, valueRows, tiles);
        }

        void QueryTile(
            AttentionSpans.Span span, int head, int first, float* keyRows, float* valueRows, float* memory)
        {
            int dim = shape.HeadDim, queries = Math.Min(TileSize, span.QueryCount - first);
            int vectors = (queries + S.Width - 1) / S.Width;
            float* queryTile = memory, output = queryTile + TileSize * dim, scores = output + TileSize * _stride;
            float* max = scores + TileSize * TileSize, sum = max + TileSize, factors = sum + TileSize;
            var dropped = new TileMask<V, S>(dropout, factors + TileSize);
            long row = span.FirstQuery + first;
            if (dropped.Drops)
                dropped.Draw(_firstRow + row, head, queries);
            if (queries < TileSize)
                new Span<float>(queryTile, TileSize * dim).Clear(); // lanes without a query
            Transposed.Copy(queryTile, TileSize, q + row * _width + head * dim, _width, queries, dim,
                shape.Scale * SoftmaxTile<V, S>.Log2E);
            new Span<float>(max, TileSize).Fill(float.NegativeInfinity);
            new Span<float>(sum, TileSize).Clear();

            int seenByFirst = shape.Causal ? span.KeyCount - span.QueryCount + first + 1 : span.KeyCount;
            int seen = Math.Min(span.KeyCount, shape.Causal ? seenByFirst + queries - 1 : seenByFirst);
            for (int key = 0; key < seen; key += TileSize)
            {
                int keys = Math.Min(TileSize, seen - key);
                long place = (long)key * _stride;
                int visible = Math.Min(TileSize, seenByFirst - key);
                Causal<V, S>.Scores(scores, new(keyRows + place, _stride, 1), queryTile, keys, vectors, dim, visible);
                if (dropped.Drops)
                    SoftmaxTile<V, S>.Forward<DropsSome>(scores, keys, vectors, max, sum, factors, mask, visible, dropped, key);
                else
                    SoftmaxTile<V, S>.Forward<KeepsAll>(scores, keys, vectors, max, sum, factors, mask, visible);
                Causal<V, S>.Mix(output, _stride, scores, valueRows + place, queries, _stride / S.Width, keys, visible,
                    key == 0 ? Start.Zero : Start.Scaled, factors);
            }
            Finish(max, sum, vectors);
            for (int i = 0; i < queries; i++)
            {
                SendRow(y + (row + i) * _width + head * dim, adds: false, output + i * _stride, sum[i], dim);
                logSumExp[(row + i) * shape.NumHeads + head] = max[i];
            }
        }

        /// <summary>Sums become what to multiply with, maxima the log-sum-exp.</summary>
        static void Finish(float* max, float* sum, int vectors)
        {
            for (int lane = 0; lane < vectors * S.Width; lane += S.Width)
            {
                V total = S.Load(sum + lane);
                S.Store(max + lane, S.MulAdd(S.Load(max + lane), S.Splat(SoftmaxTile<V, S>.Ln2), S.Log(total)));
                S.Store(sum + lane, S.Divide(S.Splat(1), total));
            }
        }
    }

    /// <summary>target = row · factor, or += where it adds; row lies in whole vectors.</summary>
    static void SendRow(float* target, bool adds, float* row, float factor, int columns)
    {
        V by = S.Splat(factor);
        int c = 0;
        for (; c <= columns - S.Width; c += S.Width)
            Send(target, adds, c, S.Multiply(S.Load(row + c), by));
        if (c < columns)
            SendPartial(target, adds, c, S.Multiply(S.Load(row + c), by), columns - c);
    }
}
