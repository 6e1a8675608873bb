using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>Whether a tile drops probabilities: a type, so that what drops none is compiled without a trace of it.</summary>
interface IDropping
{
    static abstract bool Drops { get; }
}

readonly struct KeepsAll : IDropping
{
    public static bool Drops => false;
}

readonly struct DropsSome : IDropping
{
    public static bool Drops => true;
}

/// <summary>What is dropped of a query tile's probabilities; the keys of its rows lie in a thread's scratch.</summary>
readonly unsafe struct TileMask<V, S>(DropoutMask mask, float* keys) where V : struct where S : struct, ISimd<V>
{
    /// <summary>Floats of scratch for the keys.</summary>
    public const int Length = 2 * SoftmaxTile<V, S>.Size;

    readonly uint _threshold = mask.Threshold;

    readonly float _scale = (float)mask.Scale;

    public bool Drops => mask.Drops;

    /// <summary>Draws the keys of the tile's queries in one head.</summary>
    /// <param name="row">The first query's in the training data.</param>
    public void Draw(long row, int head, int queries)
    {
        uint* before = (uint*)keys, between = before + SoftmaxTile<V, S>.Size;
        for (int i = 0; i < queries; i++)
            (before[i], between[i]) = DropoutMask.Keys(mask.Noise, row + i, head);
    }

    /// <summary>0 or what stays is multiplied by, for the queries from a lane on and a segment's key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Factors(int key, int lane)
    {
        V before = S.Load(keys + lane), between = S.Load(keys + SoftmaxTile<V, S>.Size + lane);
        return Compact<V, S>.KeepFrom(_threshold, Compact<V, S>.Words((uint)key, before, between), S.Splat(_scale));
    }
}
