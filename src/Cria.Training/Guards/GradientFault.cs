using System.Runtime.InteropServices;
using Cria.Engine.Graphs;
using Cria.Engine.Tensors;

namespace Cria.Training.Guards;

/// <summary>Where gradients went wrong.</summary>
static class GradientFault
{
    /// <summary>
    /// The parameter whose gradient was first not finite: backward runs from the last parameters to the first, so it is the
    /// last in the store's order. Null where all are finite.
    /// </summary>
    public static string? First(ParameterStore store)
    {
        byte[] piece = new byte[1 << 16];
        for (int i = store.Parameters.Count - 1; i >= 0; i--)
            if (store.Parameters[i].Gradient is { } gradient && !IsFinite(gradient.Data, piece))
                return store.Parameters[i].Name;
        return null;
    }

    static bool IsFinite(Tensor gradient, byte[] piece)
    {
        for (long start = 0; start < gradient.SizeInBytes; start += piece.Length)
        {
            var bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, gradient.SizeInBytes - start));
            gradient.Device.CopyToHost(bytes, gradient.Address + (nint)start);
            if (gradient.DType == DType.F64 ? HasWild<double>(bytes) : HasWild<float>(bytes))
                return false;
        }
        return true;
    }

    static bool HasWild<T>(ReadOnlySpan<byte> bytes) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (T value in MemoryMarshal.Cast<byte, T>(bytes))
            if (!T.IsFinite(value))
                return true;
        return false;
    }
}
