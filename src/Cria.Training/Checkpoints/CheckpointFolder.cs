using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training.Checkpoints;

/// <summary>
/// <c>checkpoints/step-N/</c>: a Hugging Face folder with the training state inside it. Resume takes the highest N whose
/// hashes hold.
/// </summary>
public sealed class CheckpointFolder(string root, IModelStore store, int keep)
{
    const string State = "training/state.json", Optimizer = "training/optimizer.safetensors", Prefix = "step-";

    /// <param name="model">In its weights of training.</param>
    /// <param name="slots">What optimizer and averages carry from step to step.</param>
    /// <param name="state">Everything else.</param>
    public string Write(ILanguageModel model, IReadOnlyList<(string Name, Tensor State)> slots, TrainingState state)
    {
        string folder = NameOf(state.Step);
        foreach (int later in Steps().Where(step => step >= state.Step)) // passed over when this run went on
            Directory.Move(NameOf(later), Unused(NameOf(later) + ".damaged"));
        if (Directory.Exists(root))
            foreach (string unfinished in Directory.EnumerateDirectories(root, Prefix + "*.tmp")) // a save that was killed
                Directory.Delete(unfinished, recursive: true);
        DurableFolder.Write(folder, temporary =>
        {
            store.Save(temporary, model);
            Directory.CreateDirectory(Path.Combine(temporary, "training"));
            SafetensorsWriter.Write(Path.Combine(temporary, Optimizer), slots);
            state.Write(Path.Combine(temporary, State));
        });
        foreach (int old in Steps().OrderDescending().Skip(Math.Max(1, keep)))
            Directory.Delete(NameOf(old), recursive: true);
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

    public void Load(string folder, ILanguageModel model, IReadOnlyList<(string Name, Tensor State)> slots)
    {
        store.Load(folder, model);
        using var file = new SafetensorsReader(Path.Combine(folder, Optimizer));
        foreach (var (name, slot) in slots)
            file.Read(file.Find(name), slot);
    }

    string NameOf(int step) => Path.Combine(root, Prefix + step);

    int[] Steps() => !Directory.Exists(root)
        ? []
        : [.. Directory.EnumerateDirectories(root, Prefix + "*")
            .Select(path => int.TryParse(Path.GetFileName(path)[Prefix.Length..], out int step) ? step : -1)
            .Where(step => step >= 0)];

    static string Unused(string path)
    {
        string candidate = path;
        for (int i = 1; Directory.Exists(candidate); i++)
            candidate = $"{path}-{i}";
        return candidate;
    }
}
