namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>
/// The products of an attention tile, without what causality hides: where the diagonal crosses the tile, keys go in
/// bands, and a band leaves out the vectors of queries that see none of its keys; or queries do, and a band leaves out
/// the keys that none of them sees. A tile off the diagonal is one band.
/// </summary>
/// <remarks>
/// visible is the number of the tile's keys that all its queries see; key j beyond is hidden from the first
/// j − visible + 1 queries. What is left out would have added zeros.
/// </remarks>
static unsafe class Causal<V, S> where V : struct where S : struct, ISimd<V>
{
    public const int Band = 16;

    /// <summary>Queries that are mixed together lie in one vector of scores, so that what they do not see is there: 0.</summary>
    static int QueryBand => Math.Min(S.Width, TallTile<V, S>.Rows);

    const int Size = SoftmaxTile<V, S>.Size;

    /// <summary>scores (keys, queries) = a (keys, D) · b (D, queries)</summary>
    public static void Scores(float* scores, Operand a, float* b, int keys, int vectors, int dim, int visible)
    {
        for (int key = 0, count; key < keys; key += count)
        {
            count = Count(key, keys, visible);
            int lane = FirstLane(key, visible);
            Tile<V, S>.Product(scores + key * Size + lane, Size, a.Row(key), b + lane, Size, count,
                vectors - lane / S.Width, dim, Start.Zero);
        }
    }

    /// <summary>mixed (queries, D) = pᵀ (queries, keys) · rows (keys, D), D in whole vectors, and what start says</summary>
    /// <param name="factors">One a query, for <see cref="Start.Scaled"/>.</param>
    public static void Mix(float* mixed, int stride, float* p, float* rows, int queries, int vectors, int keys,
        int visible, Start start, float* factors = null)
    {
        for (int query = 0, count; query < queries; query += count)
        {
            count = visible >= keys ? queries : Math.Min(QueryBand, queries - query);
            int seen = Math.Min(keys, visible + query + count - 1);
            if (seen > 0)
                Tile<V, S>.Product(mixed + (nint)query * stride, stride, new(p + query, 1, Size), rows, stride, count,
                    vectors, seen, start, factors + query);
        }
    }

    /// <summary>gradient (keys, D) += p (keys, queries) · rows (queries, D), D in whole vectors</summary>
    public static void Spread(float* gradient, int stride, float* p, float* rows, int keys, int vectors, int queries,
        int visible)
    {
        for (int key = 0, count; key < keys; key += count)
        {
            count = Count(key, keys, visible);
            int lane = FirstLane(key, visible);
            Tile<V, S>.Product(gradient + (nint)key * stride, stride, new(p + key * Size + lane, Size, 1),
                rows + (nint)lane * stride, stride, count, vectors, queries - lane, Start.Sum);
        }
    }

    static int Count(int key, int keys, int visible) => visible >= keys ? keys : Math.Min(Band, keys - key);

    static int FirstLane(int key, int visible) => Math.Max(0, key - visible + 1) / S.Width * S.Width;
}
