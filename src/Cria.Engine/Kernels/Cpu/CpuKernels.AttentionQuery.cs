using Cria.Engine.Kernels.Cpu.Attention;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    readonly partial struct AttentionWork
    {
        /// <summary>
        /// One query of all heads that share a key-value head, as in decoding: keys lie in the lanes. Every sum has the
        /// order it has in a query tile, so a token's bits are the same whether it was decoded or read with its text.
        /// </summary>
        void Query(AttentionSpans.Span span, int keyHead, int i, float* memory)
        {
            int dim = shape.HeadDim, heads = shape.QueriesPerKey;
            float* keyTile = memory, query = keyTile + TileSize * dim, output = query + heads * dim;
            float* scores = output + heads * dim, max = scores + heads * TileSize, sum = max + heads;
            long row = span.FirstQuery + i;
            float* source = q + row * _width + (long)keyHead * heads * dim;
            for (int d = 0; d < heads * dim; d++)
                query[d] = source[d] * (shape.Scale * SoftmaxTile<V, S>.Log2E);
            new Span<float>(max, heads).Fill(float.NegativeInfinity);
            new Span<float>(sum, heads).Clear();

            int seen = shape.Causal ? span.KeyCount - span.QueryCount + i + 1 : span.KeyCount;
            for (int key = 0; key < seen; key += TileSize)
            {
                int keys = Math.Min(TileSize, seen - key), vectors = (keys + S.Width - 1) / S.Width;
                long offset = (long)(span.FirstKey + key) * _keyWidth + keyHead * dim;
                Transposed.Copy(keyTile, TileSize, k + offset, _keyWidth, keys, dim);
                Tile<V, S>.Product(
                    scores, TileSize, new(query, dim, 1), keyTile, TileSize, heads, vectors, dim, Start.Zero);
                for (int head = 0; head < heads; head++)
                {
                    float factor = Softmax(scores + head * TileSize, keys, ref max[head], ref sum[head]);
                    if (key > 0)
                        Scale(output + head * dim, factor, dim);
                }
                Tile<V, S>.Product(output, dim, new(scores, TileSize, 1), v + offset, _keyWidth, heads, dim / S.Width,
                    keys, key == 0 ? Start.Zero : Start.Sum);
            }

            float* target = y + row * _width + (long)keyHead * heads * dim;
            for (int head = 0; head < heads; head++)
            {
                Scale(output + head * dim, 1 / sum[head], dim);
                new Span<float>(output + head * dim, dim).CopyTo(new Span<float>(target + head * dim, dim));
                logSumExp[row * shape.NumHeads + keyHead * heads + head] = First(S.MulAdd(
                    S.Splat(max[head]), S.Splat(SoftmaxTile<V, S>.Ln2), S.Log(S.Splat(sum[head]))));
            }
        }

        /// <summary>One more tile of a running softmax; returns by how much sums before it have to shrink.</summary>
        static float Softmax(float* scores, int keys, ref float max, ref float sum)
        {
            for (int j = keys; j % S.Width != 0; j++)
                scores[j] = float.NegativeInfinity;
            V highest = S.Splat(max);
            for (int j = 0; j < keys; j += S.Width)
                highest = S.Max(highest, S.Load(scores + j));
            float top = S.MaxAcross(highest);
            for (int j = 0; j < keys; j += S.Width)
                S.Store(scores + j, SoftmaxTile<V, S>.PowerOfTwo(S.Subtract(S.Load(scores + j), S.Splat(top))));
            float factor = First(SoftmaxTile<V, S>.PowerOfTwo(S.Subtract(S.Splat(max), S.Splat(top))));
            float total = sum * factor;
            for (int j = 0; j < keys; j++)
                total += scores[j];
            (max, sum) = (top, total);
            return factor;
        }
    }

    static float First(V lanes)
    {
        float* all = stackalloc float[16];
        S.Store(all, lanes);
        return all[0];
    }
}
