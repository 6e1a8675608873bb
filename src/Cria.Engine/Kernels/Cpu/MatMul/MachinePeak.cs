using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>What the vector units can do at best: the measure of every product.</summary>
public static unsafe class MachinePeak
{
    const int Rounds = 100_000;

    /// <summary>
    /// Billions of floating-point operations a second of multiply-adds on registers only, on all threads.
    /// </summary>
    public static double FmaGflops(WorkerPool pool, SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => FmaGflops<Vector512<float>, Simd512>(pool),
        SimdWidth.Bits256 => FmaGflops<Vector256<float>, Simd256>(pool),
        _ => FmaGflops<Vector128<float>, Simd128>(pool),
    };

    /// <inheritdoc cref="FmaGflops(WorkerPool, SimdWidth)"/>
    public static double FmaGflops(WorkerPool pool) => FmaGflops(pool, SimdLevel.Best());

    static double FmaGflops<V, S>(WorkerPool pool) where V : struct where S : struct, ISimd<V>
    {
        Loop<V, S> loop = default;
        pool.For(pool.Threads, ref loop);
        long start = Stopwatch.GetTimestamp();
        pool.For(pool.Threads, ref loop);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return 2e-9 * 12 * S.Width * Rounds * pool.Threads / seconds;
    }

    struct Loop<V, S> : IRowWork where V : struct where S : struct, ISimd<V>
    {
        public readonly void Run(int start, int end, int worker) => Multiply();

        /// <summary>Twelve independent chains: enough to hide a latency of five cycles on two units.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Multiply()
        {
            V x = S.Splat(0.999f), y = S.Splat(0.001f);
            V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int round = 0; round < Rounds; round++)
            {
                a = S.MulAdd(a, x, y);
                b = S.MulAdd(b, x, y);
                c = S.MulAdd(c, x, y);
                d = S.MulAdd(d, x, y);
                e = S.MulAdd(e, x, y);
                f = S.MulAdd(f, x, y);
                g = S.MulAdd(g, x, y);
                h = S.MulAdd(h, x, y);
                i = S.MulAdd(i, x, y);
                j = S.MulAdd(j, x, y);
                k = S.MulAdd(k, x, y);
                l = S.MulAdd(l, x, y);
            }
            V sum = S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(e, f), S.Add(g, h)));
            float* kept = stackalloc float[S.Width];
            S.Store(kept, S.Add(sum, S.Add(S.Add(i, j), S.Add(k, l))));
        }
    }
}
