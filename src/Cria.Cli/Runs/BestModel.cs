using System.Globalization;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training;
using Cria.Training.Checkpoints;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// Keeps the weights that predicted the validation text best, at whichever evaluation that was: with little text later ones are
/// often worse. One whole checkpoint in a folder whose name says step and loss, and which loss, so that a resumed run knows what it
/// has to beat.
/// </summary>
/// <param name="folder">Where it lies.</param>
/// <param name="store">Writes and reads models.</param>
/// <param name="model">Has the evaluated weights while an evaluation is told.</param>
/// <param name="by">Which loss is to be low.</param>
/// <param name="tokens">Of the whole validation text: the loss on a part of it is another text's, and is not compared.</param>
/// <param name="tell">Hears once that the disk does not take it; the run goes on, and the next best is tried again.</param>
sealed class BestModel(string folder, IModelStore store, ILanguageModel model, BestLoss by, long tokens, Action<string> tell) : IObserver
{
    const string Prefix = "step-";

    bool _hasFailed;

    string Middle => by == BestLoss.Distillation ? "-distillation-" : "-loss-";

    public void Stepped(StepMetrics metrics)
    {
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        try
        {
            Keep(metrics);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CheckpointException)
        {
            if (!_hasFailed)
                tell($"the best weights of step {metrics.Step:N0} are not kept: {e.Message.TrimEnd('.')}; the run goes on without them");
            _hasFailed = true;
        }
    }

    public void Saved(string folder, int step)
    {
    }

    /// <summary>Gives the model the weights that were kept.</summary>
    /// <returns>Their step and loss; null where nothing was evaluated on all of the text.</returns>
    public (int Step, double Loss)? Adopt()
    {
        if (Kept() is not { } kept)
            return null;
        store.Load(kept.Path, model);
        return (kept.Step, kept.Loss);
    }

    void Keep(EvaluationMetrics metrics)
    {
        double loss = by == BestLoss.Distillation ? metrics.DistillationLoss ?? double.NaN : metrics.Loss;
        if (metrics.Tokens != tokens || !double.IsFinite(loss) || Kept() is { } kept && kept.Loss <= loss)
            return;
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{metrics.Step}{Middle}{loss:R}"));
        Directory.CreateDirectory(folder);
        if (Directory.Exists(path)) // damaged, or it would be the one that is kept
            Directory.Delete(path, recursive: true);
        DurableFolder.Write(path, temporary => store.Save(temporary, model));
        foreach (string old in Directory.GetDirectories(folder).Where(old => old != path))
            Directory.Delete(old, recursive: true);
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
