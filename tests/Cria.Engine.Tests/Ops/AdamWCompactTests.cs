using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class AdamWCompactTests
{
    static readonly AdamWConstants Constants = new(0.9f, 0.999f, 1e-8f, 0.1f);

    [Theory, InlineData(1), InlineData(7), InlineData(33), InlineData(1023), InlineData(70_001)]
    public void Every_backend_agrees_with_the_reference_and_any_number_of_threads_gives_the_same_bits(int length)
    {
        using var expected = new State(length);
        expected.Run(new ReferenceKernels<float>(), step: 5);
        for (int i = 0; i < Backends.With(1).Count; i++)
        {
            using var one = new State(length);
            one.Run(Backends.With(1)[i], step: 5);
            float[] weights = one.Weights.ToArray<float>();
            Assert.Equal(expected.Weights.ToArray<float>(), weights, (x, y) => Math.Abs(x - y) <= 1e-5 * (1 + Math.Abs(x)));
            // A sum whose last bit is rounded otherwise may fall on the other side of the noise: one place, and seldom.
            Assert.InRange(Different(expected.First, one.First), 0, 1 + length / 1000);
            Assert.InRange(Different(expected.Second, one.Second), 0, 1 + length / 1000);
            for (int threads = 2; threads <= 3; threads++)
            {
                using var more = new State(length);
                more.Run(Backends.With(threads)[i], step: 5);
                Assert.Equal(weights, more.Weights.ToArray<float>());
                Assert.Equal(one.First.ToArray<ushort>(), more.First.ToArray<ushort>());
                Assert.Equal(one.Second.ToArray<ushort>(), more.Second.ToArray<ushort>());
            }
        }

        static int Different(Tensor x, Tensor y)
        {
            int count = 0;
            foreach (var (a, b) in x.ToArray<ushort>().Zip(y.ToArray<ushort>()))
            {
                Assert.InRange(a - b, -1, 1);
                count += a == b ? 0 : 1;
            }
            return count;
        }
    }

    [Fact]
    public void Ranges_of_a_block_round_as_the_whole_block_does()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using State whole = new(5000), parts = new(5000);
            whole.Run(kernels, step: 2);
            parts.Run(kernels, step: 2, 0, 1024);
            parts.Run(kernels, step: 2, 1024, 3976);
            Assert.Equal(whole.First.ToArray<ushort>(), parts.First.ToArray<ushort>());
            Assert.Equal(whole.Second.ToArray<ushort>(), parts.Second.ToArray<ushort>());
        }
    }

    [Fact]
    public void A_second_moment_that_moves_by_less_than_half_a_place_still_arrives()
    {
        const int length = 4096;
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var state = new State(length);
            state.Gradients.Write<float>(Enumerable.Repeat(0.5f, length).ToArray());
            state.Second.Write<ushort>(Enumerable.Repeat(Rounding.Nearest(1), length).ToArray());
            for (int step = 1; step <= 3000; step++)
                state.Run(kernels, step);
            double target = 0.25 + 0.75 * Math.Pow(0.999, 3000);
            double[] squares = [.. state.Second.ToArray<ushort>().Select(half => (double)Rounding.Widened(half))];
            double mean = squares.Average(), spread = Math.Sqrt(squares.Average(v => (v - mean) * (v - mean)));
            Assert.Equal(target, mean, 0.005); // rounded to the nearest it would stay at 1
            Assert.InRange(spread, 0.001, 0.1 * mean);
        }
    }

    [Fact]
    public void Every_step_and_every_element_draws_other_noise_and_all_of_it_is_uniform()
    {
        var noise = new RoundingNoise(7, 0);
        int[] ones = new int[32];
        int same = 0;
        for (uint i = 0; i < 20_000; i++)
        {
            uint word = RoundingNoise.Word(i, noise.Keys(1)), next = RoundingNoise.Word(i, noise.Keys(2));
            same += word == next ? 1 : 0;
            for (int bit = 0; bit < 32; bit++)
                ones[bit] += (int)(word >> bit & 1);
        }
        Assert.All(ones, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Equal(0, same);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_leaves_everything_as_it_is()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using State state = new(77), untouched = new(77);
            state.Gradients.Span<float>()[70] = float.NaN;
            state.Run(kernels, step: 1);
            Assert.Equal(untouched.Weights.ToArray<float>(), state.Weights.ToArray<float>());
            Assert.Equal(untouched.First.ToArray<ushort>(), state.First.ToArray<ushort>());
            Assert.Equal(untouched.Second.ToArray<ushort>(), state.Second.ToArray<ushort>());
        }
    }

    /// <summary>A flat block with moments from an earlier step.</summary>
    sealed class State : IDisposable
    {
        readonly DeviceMemory _memory;
        readonly Tensor _scalars;

        public State(int length)
        {
            long padded = (length + 63) / 64 * 64;
            _memory = CpuDevice.Instance.Allocate(padded * 12 + 64);
            Weights = _memory.Tensor(DType.F32, new(length));
            Gradients = _memory.Tensor(DType.F32, new(length), padded * 4);
            First = _memory.Tensor(DType.BF16, new(length), padded * 8);
            Second = _memory.Tensor(DType.BF16, new(length), padded * 10);
            _scalars = _memory.Tensor(DType.F32, new((int)StepScalar.Count), padded * 12);
            Weights.Write<float>(Numbers("w", length));
            Gradients.Write<float>(Numbers("g", length));
            First.Write<ushort>(Array.ConvertAll(Numbers("m", length), x => Rounding.Nearest(0.1f * x)));
            Second.Write<ushort>(Array.ConvertAll(Numbers("v", length), x => Rounding.Nearest(0.1f * x * x)));
        }

        public Tensor Weights { get; }

        public Tensor Gradients { get; }

        public Tensor First { get; }

        public Tensor Second { get; }

        public void Run(IKernels kernels, int step, int start = 0, int? count = null)
        {
            int length = count ?? (int)Weights.Length;
            float[] scalars = new float[(int)StepScalar.Count];
            (scalars[(int)StepScalar.LearningRate], scalars[(int)StepScalar.Step]) = (0.01f, step);
            (scalars[(int)StepScalar.BiasCorrection1], scalars[(int)StepScalar.BiasCorrection2]) = (0.4f, 0.05f);
            _scalars.Write<float>(scalars);
            kernels.ClipByGlobalNorm(_scalars, Gradients, 0);
            kernels.AdamWCompact(Range(Weights), Range(First), Range(Second), Range(Gradients), _scalars, Constants, new(9, (uint)start));

            Tensor Range(Tensor flat) =>
                new(flat.Device, flat.Address + start * flat.DType.SizeInBytes(), flat.DType, new(length));
        }

        public void Dispose() => _memory.Dispose();

        static float[] Numbers(string name, int length) =>
            [.. Enumerable.Range(0, length).Select(i => (float)Philox.For(0, name).Normal((ulong)i))];
    }
}
