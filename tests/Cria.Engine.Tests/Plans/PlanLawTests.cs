using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tests.Graphs;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Plans;

/// <summary>What a plan must never change: the bits. Each law for every backend of this process.</summary>
public sealed class PlanLawTests
{
    const double Weight = 0.05;

    static readonly int[][] Documents = SmallLlama.Documents(1, 7, 1, 17, 5);

    [Theory, InlineData(false), InlineData(true)]
    public void A_shared_arena_full_of_NaN_gives_the_bits_of_memory_that_nobody_shares(bool recompute)
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var witness = new SmallLlama(options: new(ShareMemory: false));
            using var model = new SmallLlama(options: new(recompute));
            Assert.True(model.Arena.SizeInBytes < witness.Arena.SizeInBytes);
            Assert.Equal(recompute, model.Plan.Steps.Any(step => step.Pass == Pass.Recompute));
            var expected = witness.Step(kernels, Documents, Weight);
            for (int step = 0; step < 2; step++)
            {
                model.Arena.Poison();
                var actual = model.Step(kernels, Documents, Weight);
                Assert.Equal(expected.Loss, actual.Loss);
                Assert.Equal(expected.Rows, actual.Rows);
                Assert.Equal(witness.Gradients, model.Gradients);
            }
            Assert.True(double.IsFinite(expected.Loss) && Array.TrueForAll(model.Gradients, double.IsFinite));
        }
    }

    [Fact]
    public void Documents_packed_together_have_the_losses_they_have_alone()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var packed = new SmallLlama();
            using var alone = new SmallLlama(rows: 17, segments: 1);
            double[] rows = packed.Step(kernels, Documents, Weight).Rows;
            Assert.Equal(rows, Documents.SelectMany(d => alone.Step(kernels, [d], Weight).Rows));
        }
    }

    [Fact]
    public void A_larger_capacity_changes_no_bit_of_loss_or_gradient()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var exact = new SmallLlama(rows: 30, segments: 4);
            using var roomy = new SmallLlama(rows: 100, segments: 9);
            roomy.Arena.Poison();
            Assert.Equal(exact.Step(kernels, Documents, Weight).Loss, roomy.Step(kernels, Documents, Weight).Loss);
            Assert.Equal(exact.Gradients, roomy.Gradients);
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        for (int i = 0; i < Backends.With(1).Count; i++)
        {
            using var model = new SmallLlama();
            var expected = model.Step(Backends.With(1)[i], Documents, Weight);
            double[] gradients = model.Gradients;
            for (int threads = 2; threads <= 3; threads++)
            {
                Assert.Equal(expected.Loss, model.Step(Backends.With(threads)[i], Documents, Weight).Loss);
                Assert.Equal(gradients, model.Gradients);
            }
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void After_the_first_step_nothing_is_allocated_on_any_thread(bool recompute)
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var model = new SmallLlama(options: new(recompute));
            model.Fill(Documents, Weight);
            Step(model, kernels);
            // The test runner's own threads allocate now and then; a step that allocates does so in every window.
            var (mine, all) = (long.MaxValue, long.MaxValue);
            for (int window = 0; window < 20 && (mine > 0 || all > 0); window++)
            {
                var (mineNow, allNow) = Allocated(() => Step(model, kernels));
                (mine, all) = (Math.Min(mine, mineNow), Math.Min(all, allNow));
            }
            Assert.True(mine == 0 && all == 0, $"{kernels.Name}: {mine} bytes on the calling thread, {all} on all");
        }
    }

    static (long Mine, long All) Allocated(Action action)
    {
        long all = GC.GetTotalAllocatedBytes(precise: true), mine = GC.GetAllocatedBytesForCurrentThread();
        action();
        mine = GC.GetAllocatedBytesForCurrentThread() - mine;
        return (mine, GC.GetTotalAllocatedBytes(precise: true) - all);
    }

    static void Step(SmallLlama model, IKernels kernels)
    {
        model.Run(kernels);
        model.Run(kernels, accumulate: true);
    }
}
