using Cria.Engine.Kernels.Cpu.Attention;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    /// <summary>
    /// An item is one segment and one key-value head. Query tiles pass over the keys in order and each adds to the
    /// keys' gradients, so every sum has one order and no two threads share a place.
    /// </summary>
    readonly struct AttentionBackwardWork(
        SegmentTable table, Part part, AttentionGradients data, float* mask, long perWorker) : IRowWork
    {
        readonly AttentionShape _shape = data.Shape;

        readonly int _width = data.Shape.NumHeads * data.Shape.HeadDim;

        readonly int _keyWidth = data.Shape.NumKeyValueHeads * data.Shape.HeadDim;

        /// <summary>Columns of a packed row, in whole vectors.</summary>
        readonly int _stride = Packed<V, S>.Stride(data.Shape.HeadDim);

        readonly long _firstRow = data.Dropout.Drops ? data.Dropout.FirstRow : 0;

        bool WantsQueries => data.Dq.IsWanted && part != Part.KeyTile;

        bool WantsKeys => data.Dk.IsWanted && part != Part.QueryTile;

        bool WantsValues => data.Dv.IsWanted && part != Part.QueryTile;

        public void Run(int start, int end, int worker)
        {
            float* scratch = mask + SoftmaxTile<V, S>.MaskLength + perWorker * worker;
            var memory = new GradientMemory<V, S>(scratch, _shape.HeadDim, table.LongestKeys);
            for (int item = start; item < end; item++)
            {
                ref readonly var segment = ref table.Of(item);
                int local = item - segment.FirstItem, tiles = segment.Items / _shape.NumKeyValueHeads;
                int keyHead = local / tiles, count = segment.Span.QueryCount; // without a cache the keys are as many
                int first = local % tiles * TileSize, last = Math.Min(first + TileSize, count);
                var (queries, keys) = part switch
                {
                    Part.KeyTile => (0..count, first..last),
                    Part.QueryTile => (first..last, 0..(_shape.Causal ? last : count)),
                    _ => (0..count, 0..count),
                };
                KeyHead(segment.Span, keyHead, queries, keys, memory);
            }
        }

        /// <summary>What queries get from keys and send to them, in all heads of a key-value head.</summary>
        void KeyHead(
            AttentionSpans.Span span, int keyHead, Range queries, Range keys, in GradientMemory<V, S> memory)
        {
            int firstKey = keys.Start.Value, count = keys.End.Value - firstKey, dim = _shape.HeadDim;
            long place = (long)(span.FirstKey + firstKey) * _keyWidth + keyHead * dim;
            Packed<V, S>.Copy(memory.Keys, data.K + place, _keyWidth, count, dim);
            Packed<V, S>.Copy(memory.Values, data.V + place, _keyWidth, count, dim);
            new Span<float>(memory.KeyGradient, count * _stride).Clear();
            new Span<float>(memory.ValueGradient, count * _stride).Clear();
            for (int head = keyHead * _shape.QueriesPerKey; head < (keyHead + 1) * _shape.QueriesPerKey; head++)
                for (int first = queries.Start.Value; first < queries.End.Value; first += TileSize)
                    QueryTile(span, head, first, firstKey, keys.End.Value, memory);
            if (WantsKeys)
                Send(data.Dk, place, _keyWidth, memory.KeyGradient, count, _shape.Scale);
            if (WantsValues)
                Send(data.Dv, place, _keyWidth, memory.ValueGradient, count, 1);
        }

        void QueryTile(AttentionSpans.Span span, int head, int first, int firstKey, int endKey,
            in GradientMemory<V, S> memory)
        {
            int dim = _shape.HeadDim, queries = Math.Min(TileSize, span.QueryCount - first);
            int vectors = (queries + S.Width - 1) / S.Width, wide = _stride / S.Width;
            long row = span.FirstQuery + first;
            int seenByFirst = _shape.Causal ? first + 1 : span.KeyCount;
            int seen = Math.Min(endKey, _shape.Causal ? seenByFirst + queries - 1 : seenByFirst);
            if (seen <= firstKey)
                return;
            Load(row, head, queries, memory);
            var dropped = new TileMask<V, S>(data.Dropout, memory.DropoutKeys);
            if (dropped.Drops)
                dropped.Draw(_firstRow + row, head, queries);
            for (int key = firstKey; key < seen; key += TileSize)
            {
                int keys = Math.Min(TileSize, seen - key);
                float* scores = memory.Scores, gradients = memory.Gradients;
                long place = (long)(key - firstKey) * _stride;
                Operand keyRows = new(memory.Keys + place, _stride, 1);
                Operand valueRows = new(memory.Values + place, _stride, 1);
                int visible = Math.Min(TileSize, seenByFirst - key);
                Causal<V, S>.Scores(scores, keyRows, memory.Queries, keys, vectors, dim, visible);
                Causal<V, S>.Scores(gradients, valueRows, memory.Upstream, keys, vectors, dim, visible);
                if (dropped.Drops)
                    SoftmaxTile<V, S>.Backward<DropsSome>(
                        scores, gradients, keys, vectors, memory.LogSumExp, memory.Delta, mask, visible, dropped, key);
                else
                    SoftmaxTile<V, S>.Backward<KeepsAll>(
                        scores, gradients, keys, vectors, memory.LogSumExp, memory.Delta, mask, visible);
                if (WantsValues)
                    Causal<V, S>.Spread(
                        memory.ValueGradient + place, _stride, scores, memory.UpstreamRows, keys, wide, queries,
                        visible);
                if (WantsKeys)
                    Causal<V, S>.Spread(
                        memory.KeyGradient + place, _stride, gradients, memory.QueryRows, keys, wide, queries,
                        visible);
                if (WantsQueries)
                    Causal<V, S>.Mix(memory.QueryGradient, _stride, gradients, keyRows.Data, queries, wide, keys, visible,
                        key == 0 ? Start.Zero : Start.Sum);
            }
            if (WantsQueries)
                Send(data.Dq, row * _width + head * dim, _width, memory.QueryGradient, queries, _shape.Scale);
        }

        /// <summary>Brings a query tile and its upstream gradient into packed rows and into lanes.</summary>
        void Load(long row, int head, int queries, in GradientMemory<V, S> memory)
        {
            int dim = _shape.HeadDim;
            if (queries < TileSize)
                memory.ClearLanes(dim);
            Packed<V, S>.Copy(memory.QueryRows, data.Q + row * _width + head * dim, _width, queries, dim);
            Packed<V, S>.Copy(memory.UpstreamRows, data.Dy + row * _width + head * dim, _width, queries, dim);
            Transposed.Copy(memory.Queries, TileSize, memory.QueryRows, _stride, queries, dim,
                _shape.Scale * SoftmaxTile<V, S>.Log2E);
            Transposed.Copy(memory.Upstream, TileSize, memory.UpstreamRows, _stride, queries, dim);
            for (int i = 0; i < queries; i++)
            {
                long place = (row + i) * _shape.NumHeads + head;
                memory.LogSumExp[i] = data.LogSumExp[place] * SoftmaxTile<V, S>.Log2E;
                memory.Delta[i] = data.Delta[place];
            }
        }

        void Send(Target target, long place, int targetStride, float* gradient, int rows, float scale)
        {
            float* to = target.Data + place;
            for (int r = 0; r < rows; r++, to += targetStride, gradient += _stride)
                SendRow(to, target.Adds, gradient, scale, _shape.HeadDim);
        }
    }
}
