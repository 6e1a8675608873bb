using System.Globalization;
using Cria.Models;
using Cria.Training;
using Cria.Training.Checkpoints;

namespace Cria.Cli.Runs;

/// <summary>
/// Keeps the weights that predicted the validation text best, at whichever evaluation that was: with little text later ones are
/// often worse. One whole checkpoint in a folder whose name says step and loss, so that a resumed run knows what it has to beat.
/// </summary>
/// <param name="folder">Where it lies.</param>
/// <param name="store">Writes and reads models.</param>
/// <param name="model">Has the evaluated weights while an evaluation is told.</param>
sealed class BestModel(string folder, IModelStore store, ILanguageModel model) : IObserver
{
    const string Prefix = "step-", Middle = "-loss-";

    public void Stepped(StepMetrics metrics)
    {
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        if (!double.IsFinite(metrics.Loss) || Kept() is { } kept && kept.Loss <= metrics.Loss)
            return;
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{metrics.Step}{Middle}{metrics.Loss:R}"));
        Directory.CreateDirectory(folder);
        DurableFolder.Write(path, temporary => store.Save(temporary, model));
        foreach (string old in Directory.GetDirectories(folder).Where(old => old != path))
            Directory.Delete(old, recursive: true);
    }

    public void Saved(string folder, int step)
    {
    }

    /// <summary>Gives the model the weights that were kept.</summary>
    /// <returns>Their step and loss; null where nothing was evaluated.</returns>
    public (int Step, double Loss)? Adopt()
    {
        if (Kept() is not { } kept)
            return null;
        store.Load(kept.Path, model);
        return (kept.Step, kept.Loss);
    }

    // The lowest loss among what is whole: a kill may leave two.
    (string Path, int Step, double Loss)? Kept()
    {
        (string Path, int Step, double Loss)? best = null;
        foreach (string path in Directory.Exists(folder) ? Directory.GetDirectories(folder, Prefix + "*" + Middle + "*") : [])
        {
            string name = Path.GetFileName(path);
            int middle = name.IndexOf(Middle, StringComparison.Ordinal);
            if (int.TryParse(name.AsSpan(Prefix.Length, middle - Prefix.Length), CultureInfo.InvariantCulture, out int step)
                && double.TryParse(name.AsSpan(middle + Middle.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double loss)
                && (best is null || loss < best.Value.Loss) && DurableFolder.Damage(path) is null)
                best = (path, step, loss);
        }
        return best;
    }
}
