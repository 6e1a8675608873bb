using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>
/// Copies of a head's rows, one behind the other in whole vectors with zeros at their ends. In a tensor the rows of a
/// head often lie a power of two apart, where only a few sets of the nearest cache can hold them.
/// </summary>
static unsafe class Packed<V, S> where V : struct where S : struct, ISimd<V>
{
    /// <summary>Columns in whole vectors: the distance of packed rows.</summary>
    public static int Stride(int columns) => (columns + S.Width - 1) / S.Width * S.Width;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy(float* target, float* source, nint sourceStride, int rows, int columns)
    {
        int rest = columns % S.Width, whole = columns - rest;
        for (int r = 0; r < rows; r++, source += sourceStride)
        {
            for (int c = 0; c < whole; c += S.Width, target += S.Width)
                S.Store(target, S.Load(source + c));
            if (rest == 0)
                continue;
            S.Store(target, S.LoadPartial(source + whole, rest));
            target += S.Width;
        }
    }
}
