using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Checkpoints;

/// <summary>
/// <c>checkpoints/step-N/</c>: a Hugging Face folder with the training state inside it. Resume takes the highest N whose
/// hashes hold.
/// </summary>
/// <param name="root">Where they lie; made when the first is written.</param>
/// <param name="store">Reads and writes models.</param>
/// <param name="rules">Which to keep.</param>
public sealed class CheckpointFolder(string root, IModelStore store, CheckpointRecipe rules)
{
    const string State = "training/state.json", Slots = "training/optimizer.safetensors", Prefix = "step-";
    const long SmallFiles = 1 << 16; // config, state and hashes, beside the tensors

    /// <summary>Writes a checkpoint, whole or not at all; what is older goes only when it is whole.</summary>
    /// <param name="model">The weights.</param>
    /// <param name="slots">Optimizer state and whatever else training must have to go on.</param>
    /// <param name="state">Where the run stands.</param>
    /// <exception cref="CheckpointException">It could not be written; what was there before is untouched.</exception>
    public string Write(ILanguageModel model, IReadOnlyList<(string Name, Tensor State)> slots, TrainingState state)
    {
        string folder = NameOf(state.Step);
        RemoveUnfinished();
        FreeSpace.Check(folder, SmallFiles + model.Parameters.Count * model.Parameters.DType.SizeInBytes()
            + slots.Sum(slot => slot.State.SizeInBytes));
        var passed = new PassedOver(Steps().Where(step => step >= state.Step).Select(NameOf));
        try
        {
            DurableFolder.Write(folder, temporary =>
            {
                store.Save(temporary, model);
                Directory.CreateDirectory(Path.Combine(temporary, "training"));
                SafetensorsWriter.Write(Path.Combine(temporary, Slots), slots);
                state.Write(Path.Combine(temporary, State));
            }, passed.MoveAside);
        }
        catch
        {
            passed.MoveBack();
            throw;
        }
        passed.Remove();
        var passing = Steps().Where(step => !rules.IsPermanent(step)).OrderDescending();
        foreach (int old in passing.Skip(Math.Max(1, rules.Keep)).Where(step => step != state.GoodStep))
            Remove(NameOf(old));
        return folder;
    }

    /// <summary>The newest whole checkpoint, or null where there is none; damaged ones are passed over with a word each.</summary>
    /// <exception cref="CheckpointException">There are checkpoints, and none of them is whole.</exception>
    public (string Folder, TrainingState State)? Newest(Action<string> warn)
    {
        foreach (int step in Steps().OrderDescending())
        {
            string folder = NameOf(step);
            if (DurableFolder.Damage(folder) is { } damage)
                warn($"{damage} It is passed over.");
            else
                return (folder, TrainingState.Read(Path.Combine(folder, State)));
        }
        if (Steps().Length > 0)
            throw new CheckpointException($"none of the checkpoints in {root} is whole; restore one, or start again in another folder.");
        return null;
    }

    /// <summary>The checkpoint of a step, or null where it is missing or damaged.</summary>
    public (string Folder, TrainingState State)? Find(int step)
    {
        string folder = NameOf(step);
        return DurableFolder.Damage(folder) is null ? (folder, TrainingState.Read(Path.Combine(folder, State))) : null;
    }

    public void Load(string folder, ILanguageModel model, IReadOnlyList<(string Name, Tensor State)> slots)
    {
        store.Load(folder, model);
        using var file = new SafetensorsReader(Path.Combine(folder, Slots));
        foreach (var (name, slot) in slots)
            file.Read(file.Find(name), slot);
    }

    /// <summary>The step of the newest checkpoint in a folder, damaged or not; null where there is none.</summary>
    public static int? NewestStep(string root) => StepsIn(root) is { Length: > 0 } steps ? steps.Max() : null;

    string NameOf(int step) => Path.Combine(root, Prefix + step);

    int[] Steps() => StepsIn(root);

    static int[] StepsIn(string root) => !Directory.Exists(root)
        ? []
        : [.. Directory.EnumerateDirectories(root, Prefix + "*")
            .Select(path => int.TryParse(Path.GetFileName(path)[Prefix.Length..], out int step) ? step : -1)
            .Where(step => step >= 0)];

    // What a killed save or a killed removal left.
    void RemoveUnfinished()
    {
        if (!Directory.Exists(root))
            return;
        foreach (string unfinished in Directory.EnumerateDirectories(root, Prefix + "*.tmp"))
            PassedOver.TryDelete(unfinished);
    }

    // Under another name first: a removal that is killed half-way must not leave half a checkpoint under its own.
    static void Remove(string folder)
    {
        string removed = folder + ".removed.tmp";
        try
        {
            Directory.Move(folder, removed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // one too many is kept; the next save tries again
        }
        PassedOver.TryDelete(removed);
    }
}
