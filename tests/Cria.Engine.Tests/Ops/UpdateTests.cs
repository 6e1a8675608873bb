using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class UpdateTests
{
    public static TheoryData<int> Lengths => [1, 3, 7, 17, 33, 129, 1023, 70_001];

    [Theory, MemberData(nameof(Lengths))]
    public void Every_backend_agrees_with_the_reference(int length)
    {
        foreach (int slots in (int[])[0, 1, 2, 3])
            Agreement.Holds(0, Call(length, slots));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Any_number_of_threads_gives_the_same_bits(int length) => Agreement.IsTheSameOnAnyNumberOfThreads(0, Call(length, slots: 3));

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void A_gradient_that_is_not_finite_leaves_everything_as_it_is(float bad)
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var bench = new Workbench(DType.F32, 0);
            Tensor[] state = [.. "wabc".Select(name => bench.Weight(name.ToString(), new(77)))];
            var g = bench.Weight("g", new(77));
            g.Span<float>()[70] = bad;
            float[][] before = [.. state.Select(tensor => tensor.ToArray<float>())];
            var scalars = Scalars(bench);
            kernels.ClipByGlobalNorm(scalars, g, 1);
            kernels.Update(state[0], state[1], state[2], state[3], g, scalars, new Three(0.5f));
            Assert.Equal(before, state.Select(tensor => tensor.ToArray<float>()));
        }
    }

    [Fact]
    public void What_an_update_may_use_does_what_it_says_on_every_backend()
    {
        foreach (var kernels in Backends.With(threads: 1))
        {
            using var bench = new Workbench(DType.F32, 0);
            var w = bench.Weight("w", new(5), 0);
            var g = bench.Weight("g", new(5), 0);
            g.Write<float>([-4, -0f, 0, 9, float.NaN]);
            kernels.Update(w, default, default, default, g, Scalars(bench, clip: 1), new SignedRoot());
            Assert.Equal([-2, 0, 0, 3, 0], w.ToArray<float>());
        }
    }

    static KernelCall Call(int length, int slots) => (bench, k) =>
    {
        Tensor w = bench.Weight("w", new(length)), g = bench.Weight("g", new(length)), scalars = Scalars(bench);
        Tensor a = slots < 1 ? default : bench.Weight("a", new(length)), b = slots < 2 ? default : bench.Weight("b", new(length));
        Tensor c = slots < 3 ? default : bench.Weight("c", new(length));
        k.ClipByGlobalNorm(scalars, g, 0.5f);
        switch (slots)
        {
            case 0: k.Update(w, a, b, c, g, scalars, new None(0.5f)); break;
            case 1: k.Update(w, a, b, c, g, scalars, new One(0.5f)); break;
            case 2: k.Update(w, a, b, c, g, scalars, new Two(0.5f)); break;
            default: k.Update(w, a, b, c, g, scalars, new Three(0.5f)); break;
        }
    };

    static Tensor Scalars(Workbench bench, float clip = float.NaN)
    {
        float[] values = new float[(int)StepScalar.Count];
        (values[(int)StepScalar.LearningRate], values[(int)StepScalar.ClipFactor], values[(int)StepScalar.Factor4]) = (0.25f, clip, 3);
        return bench.Scalars("scalars", values);
    }

    readonly struct None(float share) : IUpdate
    {
        public static string Name => "none";

        public static int Slots => 0;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V> =>
            S.MulAdd(S.Splat(-share * step.LearningRate), gradient, weight);
    }

    readonly struct One(float share) : IUpdate
    {
        public static string Name => "one";

        public static int Slots => 1;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V>
        {
            first = S.MulAdd(S.Splat(share), first, gradient);
            return S.Subtract(weight, S.Multiply(first, S.Splat(step[StepScalar.Factor4])));
        }
    }

    readonly struct Two(float share) : IUpdate
    {
        public static string Name => "two";

        public static int Slots => 2;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V>
        {
            first = S.Multiply(S.Splat(share), gradient);
            second = S.Abs(S.Subtract(second, first));
            return S.Add(weight, S.Sqrt(second));
        }
    }

    readonly struct Three(float share) : IUpdate
    {
        public static string Name => "three";

        public static int Slots => 3;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V>
        {
            V old = first;
            first = S.MulAdd(S.Splat(share), second, gradient);
            second = S.Negate(third);
            third = S.Select(S.GreaterThan(gradient, S.Splat(0)), old, weight);
            return S.Add(weight, first);
        }
    }

    // sign(g) · √|g|, and 0 where g is not a number
    readonly struct SignedRoot : IUpdate
    {
        public static string Name => "signed root";

        public static int Slots => 0;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V>
        {
            V zero = S.Splat(0), root = S.Sqrt(S.Abs(gradient));
            return S.Select(S.GreaterThan(gradient, zero), root, S.Select(S.GreaterThan(zero, gradient), S.Negate(root), zero));
        }
    }
}
