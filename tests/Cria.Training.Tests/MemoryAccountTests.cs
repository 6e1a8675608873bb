using System.Runtime.Intrinsics;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

/// <summary>What is predicted before anything is allocated is what is allocated, to the byte.</summary>
public sealed class MemoryAccountTests
{
    [Theory]
    [InlineData(false, Storage.F32, Storage.F32, 1)]
    [InlineData(true, Storage.F32, Storage.BF16, 2)]
    [InlineData(false, Storage.BF16, Storage.F32, 3)]
    [InlineData(true, Storage.BF16, Storage.BF16, 2)]
    public void A_run_allocates_what_was_predicted_to_the_byte(bool recompute, Storage activations, Storage moments, int threads)
    {
        Recipe Change(Recipe r) => r with
        {
            Steps = 6,
            Batch = r.Batch with { Recompute = recompute },
            Precision = new() { Activations = activations, Moments = moments },
        };
        var predicted = Predict(Change(SmallRun.Base), threads);

        var device = new CountingDevice();
        using var run = new SmallRun(threads, change: Change, device: device);
        Assert.Equal(predicted.Total, device.Bytes + OwnBytes(run.Kernels));
        run.Trainer.Run();
        Assert.Equal(predicted.Total, device.Bytes + OwnBytes(run.Kernels));
        Assert.Equal(predicted, run.Trainer.Memory);
        Assert.Equal(predicted.Arena, run.Trainer.ArenaBytes);
        Assert.Equal(predicted.Scratch, OwnBytes(run.Kernels));
    }

    [Fact]
    public void Bf16_halves_the_optimizers_state_and_shrinks_the_arena()
    {
        var full = Predict(SmallRun.Base, threads: 1);
        var compact = Predict(SmallRun.Base with { Precision = new() { Activations = Storage.BF16, Moments = Storage.BF16 } }, threads: 1);
        Assert.Equal(full.Optimizer, 2 * compact.Optimizer);
        Assert.True(compact.Arena < full.Arena);
        Assert.Equal(full with { Arena = compact.Arena, Optimizer = compact.Optimizer, Snapshot = compact.Snapshot }, compact);
    }

    [Fact]
    public void Teachers_take_their_weights_and_tables_and_no_gradients()
    {
        var device = new CountingDevice();
        var config = (LlamaConfig)SmallRun.Base.Model with { HiddenSize = 40 };
        using var teacher = ModelCatalog.Create(config, device);
        teacher.Parameters.Allocate(withGradients: false);
        var alone = Predict(SmallRun.Base, threads: 1);
        var taught = alone.With([teacher]);
        Assert.Equal(device.Bytes, taught.Teachers);
        Assert.Equal(alone.Total + device.Bytes, taught.Total);
    }

    [Fact]
    public void What_a_teacher_takes_of_the_arena_is_known_before_it_has_weights()
    {
        var device = new CountingDevice();
        var config = (LlamaConfig)SmallRun.Base.Model with { IntermediateSize = 480, NumHiddenLayers = 4 };
        using var teacher = ModelCatalog.Create(config, device);
        long tables = device.Bytes;
        var memory = TeacherMemory.Of(teacher, sequences: 2, length: 32);
        Assert.Equal(tables, device.Bytes);
        long wide = 64L * config.IntermediateSize * sizeof(float);
        Assert.InRange(memory.Activations, 3 * wide, 4 * wide); // gate, up and their product, and the narrow rest
        teacher.Parameters.Allocate(withGradients: false);
        Assert.Equal(device.Bytes, memory.Weights);
        using var deeper = ModelCatalog.Create(config with { NumHiddenLayers = 8 }, device);
        Assert.Equal(memory.Activations, TeacherMemory.Of(deeper, sequences: 2, length: 32).Activations);
    }

    static MemoryAccount Predict(Recipe recipe, int threads)
    {
        var device = new CountingDevice();
        using var model = ModelCatalog.Create(recipe.Model, device);
        using var plan = TrainingPlan.Record(model, recipe.Batch.MicroBatchSize, recipe.Data.SequenceLength, recipe.PlanOptions()).Plan;
        using var validation = new LossPass(model, Validation.RowsFor(recipe), recipe.Data.SequenceLength);
        var kernels = KernelChoice.Best(threads);
        var account = MemoryAccount.Of(recipe, model, kernels, plan, validation.Plan);
        Assert.InRange(device.Bytes, 0, account.Tables); // nothing but tables was needed to know
        (kernels as IDisposable)?.Dispose();
        return account;
    }

    internal static long OwnBytes(IKernels kernels) => kernels switch
    {
        CpuKernels<Vector512<float>, Simd512> wide => wide.OwnBytes,
        CpuKernels<Vector256<float>, Simd256> middle => middle.OwnBytes,
        CpuKernels<Vector128<float>, Simd128> narrow => narrow.OwnBytes,
        _ => throw new NotSupportedException(kernels.Name),
    };
}
