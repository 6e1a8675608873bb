using Cria.Engine.Graphs;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Graphs;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Plans;

/// <summary>Activations that wait for backward in BF16: a rule of the planner, so the planner's laws hold.</summary>
public sealed class CompactActivationsTests
{
    const double Weight = 0.05;

    static readonly int[][] Documents = SmallLlama.Documents(1, 7, 1, 17, 5);

    [Theory, InlineData(false), InlineData(true)]
    public void A_shared_arena_full_of_NaN_gives_the_bits_of_memory_that_nobody_shares(bool recompute)
    {
        PlanOptions options = new(recompute, Activations: Storage.BF16);
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var witness = new SmallLlama(options: options with { ShareMemory = false });
            using var model = new SmallLlama(options: options);
            var expected = witness.Step(kernels, Documents, Weight);
            for (int micro = 0; micro < 2; micro++)
            {
                model.Arena.Poison();
                Assert.Equal(expected.Loss, model.Step(kernels, Documents, Weight, accumulate: micro > 0).Loss);
            }
            witness.Step(kernels, Documents, Weight, accumulate: true);
            Assert.Equal(witness.Gradients, model.Gradients);
            Assert.True(Array.TrueForAll(model.Gradients, double.IsFinite));
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        using var model = new SmallLlama(options: new(Activations: Storage.BF16));
        for (int i = 0; i < Backends.With(1).Count; i++)
        {
            model.Step(Backends.With(1)[i], Documents, Weight);
            double[] gradients = model.Gradients;
            for (int threads = 2; threads <= 3; threads++)
            {
                model.Step(Backends.With(threads)[i], Documents, Weight);
                Assert.Equal(gradients, model.Gradients);
            }
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void The_loss_keeps_its_bits_and_gradients_move_by_less_than_two_places_of_BF16(bool recompute)
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var exact = new SmallLlama();
            using var model = new SmallLlama(options: new(recompute, Activations: Storage.BF16));
            Assert.Equal(exact.Step(kernels, Documents, Weight).Loss, model.Step(kernels, Documents, Weight).Loss);
            double[] wanted = exact.Gradients, got = model.Gradients;
            double size = Math.Sqrt(wanted.Sum(g => g * g));
            double error = Math.Sqrt(wanted.Zip(got, (x, y) => (x - y) * (x - y)).Sum());
            Assert.InRange(error / size, 1e-6, 2.0 / 128);
        }
    }

    [Fact]
    public void Every_backend_agrees_with_the_reference_in_float64()
    {
        PlanOptions options = new(Activations: Storage.BF16);
        using var exact = new SmallLlama(DType.F64, options: options);
        exact.Step(new ReferenceKernels<double>(), Documents, Weight);
        double size = Math.Sqrt(exact.Gradients.Select(g => g * g).Average());
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var model = new SmallLlama(options: options);
            model.Step(kernels, Documents, Weight);
            // Where a last bit decides a rounding, one activation differs by a place.
            Assert.Equal(exact.Gradients, model.Gradients, (x, y) => Math.Abs(x - y) <= 2e-3 * (Math.Abs(x) + 10 * size));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_value_waits_once_from_its_last_forward_reader_to_its_first_backward_reader(bool recompute)
    {
        using var model = new SmallLlama(options: new(recompute, Activations: Storage.BF16));
        var steps = model.Plan.Steps.ToList();
        var stored = steps.Where(step => step.Pass == Pass.Store).Select(step => step.Waiting!).ToList();
        Assert.NotEmpty(stored);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Equal(stored.ToHashSet(), steps.Where(step => step.Pass == Pass.Restore).Select(step => step.Waiting!).ToHashSet());
        Assert.DoesNotContain(stored, waiting => waiting.Value.Name is "log_sum_exp" or "inverse_rms" or "losses" or "loss");
        foreach (var waiting in stored)
        {
            int store = steps.FindIndex(step => step.Pass == Pass.Store && step.Waiting == waiting);
            int restore = steps.FindIndex(step => step.Pass == Pass.Restore && step.Waiting == waiting);
            Assert.True(restore - store > 8);
            Assert.DoesNotContain(steps[store..restore], step => step.Pass != Pass.Store && Reads(step, waiting.Value));
            Assert.Contains(steps[restore..], step => Reads(step, waiting.Value));
            Assert.Equal([(store, restore)], model.Plan.LifetimeOf(waiting.Copy)!);
        }
        if (recompute)
            Assert.DoesNotContain(stored, waiting => waiting.Value.Name is "normed" or "swiglu" &&
                steps.Exists(step => step.Pass == Pass.Recompute && step.Op.Output == waiting.Value));

        static bool Reads(PlanStep step, Value value) => step.Pass switch
        {
            Pass.Backward => step.Op.BackwardReads.Contains(value),
            Pass.Forward or Pass.Recompute => step.Op.Inputs.Contains(value),
            _ => false,
        };
    }

    [Fact]
    public void What_waits_takes_less_memory_with_recomputation_and_without()
    {
        long Bytes(bool recompute, Storage activations)
        {
            using var model = new SmallLlama(options: new(recompute, Activations: activations));
            return model.Plan.ArenaBytes;
        }
        foreach (bool recompute in (bool[])[false, true])
            Assert.True(Bytes(recompute, Storage.BF16) < Bytes(recompute, Storage.F32));
    }

    [Fact]
    public void What_the_loss_head_reads_at_once_is_neither_dropped_nor_stored()
    {
        using var model = new SmallLlama(options: new(Recompute: true, Activations: Storage.BF16));
        Assert.DoesNotContain(model.Plan.Steps, step => step.Op.Name == "rmsnorm norm" && step.Pass is not (Pass.Forward or Pass.Backward));
        Assert.Contains(model.Plan.Steps, step => step.Op.Name == "rmsnorm layer0.mlp_norm" && step.Pass == Pass.Recompute);
    }

    [Fact]
    public void The_plans_table_shows_what_is_stored_and_restored_and_its_bytes()
    {
        using var model = new SmallLlama(options: new(Activations: Storage.BF16));
        var rows = PlanReport.Rows(model.Plan);
        var (store, restore) = (rows.First(row => row.Pass == "store"), rows.First(row => row.Pass == "restore"));
        Assert.Equal(64 * 24 * 2, rows.First(row => row.Pass == "store" && row.Op.StartsWith("embed", StringComparison.Ordinal)).Bytes);
        Assert.True(store.Step < restore.Step && restore.Bytes > 0 && store.Lives.Length > 0);
    }
}
