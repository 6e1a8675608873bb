using Cria.Engine.Graphs;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Checkpoints;

/// <summary>
/// A copy in memory of everything a checkpoint holds, allocated once. It is what a checkpoint is written from while
/// training goes on, and the last good state, which a run that diverges goes back to without reading the disk.
/// </summary>
public sealed class Snapshot : IDisposable
{
    readonly ILanguageModel _original;
    readonly IReadOnlyList<(string Name, Tensor State)> _originalSlots;
    readonly DeviceMemory _memory;

    /// <param name="recipe">Its optimizer and averages, whose state the slots are.</param>
    /// <param name="model">Allocated.</param>
    /// <param name="slots">What else is saved.</param>
    public Snapshot(Recipe recipe, ILanguageModel model, IReadOnlyList<(string Name, Tensor State)> slots)
    {
        (_original, _originalSlots) = (model, slots);
        Model = ModelCatalog.Create(model.Config, model.Parameters.Device);
        Model.Parameters.Allocate(withGradients: false);
        long needed = slots.Sum(slot => Aligned(slot.State.SizeInBytes));
        _memory = model.Parameters.Device.Allocate(Math.Max(SlotBytes(recipe, model.Parameters), needed));
        var copies = new List<(string, Tensor)>();
        long offset = 0;
        foreach (var (name, slot) in slots)
        {
            copies.Add((name, _memory.Tensor(slot.DType, slot.Shape, offset)));
            offset += Aligned(slot.SizeInBytes);
        }
        Slots = copies;
    }

    /// <summary>Where the run stood when this was taken; null before.</summary>
    public TrainingState? State { get; private set; }

    /// <summary>The model with the copied weights.</summary>
    public ILanguageModel Model { get; }

    public IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    /// <summary>What one of these allocates.</summary>
    /// <param name="model">Created, with or without memory.</param>
    /// <param name="slotBytes">Of what else is saved.</param>
    public static long Bytes(ILanguageModel model, long slotBytes) =>
        model.Parameters.FlatLength * model.Parameters.DType.SizeInBytes() + model.TableBytes + slotBytes;

    /// <summary>Of the optimizer's and the averages' state; more than their slots where they keep something besides.</summary>
    public static long SlotBytes(Recipe recipe, ParameterStore store) =>
        recipe.Optimizer.StateBytes(recipe, store) + recipe.Average.Sum(average => average.StateBytes(store));

    public void Take(TrainingState state)
    {
        _original.Parameters.Weights.CopyTo(Model.Parameters.Weights);
        for (int i = 0; i < Slots.Count; i++)
            _originalSlots[i].State.CopyTo(Slots[i].State);
        State = state;
    }

    /// <summary>Puts the copy back, bit for bit.</summary>
    public TrainingState PutBack()
    {
        Model.Parameters.Weights.CopyTo(_original.Parameters.Weights);
        for (int i = 0; i < Slots.Count; i++)
            Slots[i].State.CopyTo(_originalSlots[i].State);
        return State!;
    }

    public void Dispose()
    {
        _memory.Dispose();
        Model.Dispose();
    }

    static long Aligned(long bytes) => (bytes + 63) / 64 * 64;
}
