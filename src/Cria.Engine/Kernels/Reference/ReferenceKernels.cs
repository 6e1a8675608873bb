using System.Numerics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

/// <summary>
/// The executable specification: plain loops, sums in double, one thread. T is float (tensors F32) or double (F64), so
/// that a whole model runs in float64. Every other backend is tested against this one.
/// </summary>
public sealed partial class ReferenceKernels<T> : IKernels where T : unmanaged, IFloatingPointIeee754<T>
{
    public string Name => $"reference-{typeof(T).Name.ToLowerInvariant()}";

    static Span<T> Row(Tensor matrix, int row) => matrix.Span<T>().Slice(row * matrix.Columns, matrix.Columns);

    static double Number(T x) => double.CreateTruncating(x);

    static T Rounded(double x) => T.CreateTruncating(x);

    /// <summary>Sends one element to a sink that is wanted.</summary>
    static void Put(Sink sink, ref T place, double x) => place = Rounded(sink.Adds ? Number(place) + x : x);

    static double Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += Number(x[i]) * Number(y[i]);
        return sum;
    }
}
