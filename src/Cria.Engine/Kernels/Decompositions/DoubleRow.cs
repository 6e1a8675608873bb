using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Decompositions;

/// <summary>Arithmetic on rows of doubles that the decompositions spend their time in.</summary>
static unsafe class DoubleRow
{
    public static double Dot(double* x, double* y, int count)
    {
        Vector<double> s0 = default, s1 = default;
        int width = Vector<double>.Count, i = 0;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            s0 += At(x + i) * At(y + i);
            s1 += At(x + i + width) * At(y + i + width);
        }
        double sum = Vector.Sum(s0 + s1);
        for (; i < count; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>y += scale · x</summary>
    public static void Add(double* y, double scale, double* x, int count)
    {
        Vector<double> factor = new(scale);
        int width = Vector<double>.Count, i = 0;
        for (; i <= count - width; i += width)
            At(y + i) += factor * At(x + i);
        for (; i < count; i++)
            y[i] += scale * x[i];
    }

    /// <summary>y += a · u + b · v</summary>
    public static void Add(double* y, double a, double* u, double b, double* v, int count)
    {
        Vector<double> fa = new(a), fb = new(b);
        int width = Vector<double>.Count, i = 0;
        for (; i <= count - width; i += width)
            At(y + i) += fa * At(u + i) + fb * At(v + i);
        for (; i < count; i++)
            y[i] += a * u[i] + b * v[i];
    }

    /// <summary>A plane rotation of two rows: x' = cosine · x − sine · y, y' = sine · x + cosine · y.</summary>
    public static void Rotate(double* x, double* y, double cosine, double sine, int count)
    {
        Vector<double> c = new(cosine), s = new(sine);
        int width = Vector<double>.Count, i = 0;
        for (; i <= count - width; i += width)
        {
            Vector<double> a = At(x + i), b = At(y + i);
            At(x + i) = c * a - s * b;
            At(y + i) = s * a + c * b;
        }
        for (; i < count; i++)
            (x[i], y[i]) = (cosine * x[i] - sine * y[i], sine * x[i] + cosine * y[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref Vector<double> At(double* p) => ref Unsafe.AsRef<Vector<double>>(p);
}
