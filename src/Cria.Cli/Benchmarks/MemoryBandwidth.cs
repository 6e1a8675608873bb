using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Tensors;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// What memory gives at best, in bytes a second: the measure of every kernel that does little arithmetic. Sizes choose the
/// level of the memory: a few megabytes that are walked again and again stay in a cache, hundreds do not.
/// </summary>
static unsafe class MemoryBandwidth
{
    /// <summary>Threads share memory in units of some cache lines.</summary>
    const int BlockBytes = 256;

    const double SecondsEach = 0.03;

    /// <summary>What a reader found, so that its loads are not left out.</summary>
    [ThreadStatic]
    static int Kept;

    /// <summary>Bytes a second of reading a block again and again.</summary>
    public static double Read(WorkerPool pool, long bytes) => Best(pool, bytes, 1, (_, at) => new Reading(at));

    /// <summary>Bytes a second of filling a block, by ordinary or by streaming stores, whichever is faster.</summary>
    public static double Write(WorkerPool pool, long bytes) => Math.Max(
        Best(pool, bytes, 1, (_, at) => new Writing(at, streams: false)),
        Best(pool, bytes, 1, (_, at) => new Writing(at, streams: true)));

    /// <summary>
    /// Bytes a second of copying one block to another, by ordinary or by streaming stores, whichever is faster. What is read and
    /// what is written both count: <paramref name="bytes"/> is the sum of the two blocks.
    /// </summary>
    public static double Copy(WorkerPool pool, long bytes) => Math.Max(
        Best(pool, bytes, 2, (from, to) => new Copying(from, to, streams: false)),
        Best(pool, bytes, 2, (from, to) => new Copying(from, to, streams: true)));

    /// <summary>The rate of the median pass over one or two blocks of <paramref name="bytes"/> altogether.</summary>
    static double Best<W>(WorkerPool pool, long bytes, int arrays, Func<nint, nint, W> start) where W : struct, IRowWork
    {
        int blocks = checked((int)(bytes / arrays / BlockBytes));
        nuint size = (nuint)blocks * BlockBytes;
        using DeviceMemory first = Filled(size), second = Filled(arrays == 1 ? 0 : size);
        var work = start(first.Address, arrays == 1 ? first.Address : second.Address);
        var times = new List<double>();
        pool.For(blocks, ref work); // threads awake, pages there
        pool.For(blocks, ref work);
        long began = Stopwatch.GetTimestamp();
        do
        {
            long before = Stopwatch.GetTimestamp();
            pool.For(blocks, ref work);
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        while (times.Count < 3 || Stopwatch.GetElapsedTime(began).TotalSeconds < SecondsEach);
        return (double)blocks * BlockBytes * arrays / Sample.Median(times);
    }

    /// <summary>Memory as tensors have it, pages of the same size included.</summary>
    static DeviceMemory Filled(nuint size)
    {
        var block = CpuDevice.Instance.Allocate((long)size);
        NativeMemory.Fill((void*)block.Address, size, 1);
        return block;
    }

    /// <summary>Loads that do not wait for each other, each of a whole line where the machine has such vectors.</summary>
    readonly struct Reading(nint from) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            int* p = (int*)((byte*)from + (long)start * BlockBytes), last = (int*)((byte*)from + (long)end * BlockBytes);
            Vector512<int> a = default, b = default, c = default, d = default;
            for (; p < last; p += BlockBytes / sizeof(int))
            {
                a |= Vector512.Load(p);
                b |= Vector512.Load(p + 16);
                c |= Vector512.Load(p + 32);
                d |= Vector512.Load(p + 48);
            }
            Kept = (a | b | c | d).GetElement(0);
        }
    }

    readonly struct Writing(nint to, bool streams) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            int* p = (int*)((byte*)to + (long)start * BlockBytes), last = (int*)((byte*)to + (long)end * BlockBytes);
            var value = Vector512.Create(worker);
            if (streams)
                for (; p < last; p += 16)
                    value.StoreAlignedNonTemporal(p);
            else
                for (; p < last; p += 16)
                    value.StoreAligned(p);
            Thread.MemoryBarrier(); // what streams is there before another thread looks
        }
    }

    readonly struct Copying(nint from, nint to, bool streams) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            int* p = (int*)((byte*)from + (long)start * BlockBytes), last = (int*)((byte*)from + (long)end * BlockBytes);
            int* q = (int*)((byte*)to + (long)start * BlockBytes);
            if (streams)
                for (; p < last; p += 32, q += 32)
                {
                    Vector512<int> a = Vector512.Load(p), b = Vector512.Load(p + 16);
                    a.StoreAlignedNonTemporal(q);
                    b.StoreAlignedNonTemporal(q + 16);
                }
            else
                for (; p < last; p += 32, q += 32)
                {
                    Vector512<int> a = Vector512.Load(p), b = Vector512.Load(p + 16);
                    a.StoreAligned(q);
                    b.StoreAligned(q + 16);
                }
            Thread.MemoryBarrier();
        }
    }
}
