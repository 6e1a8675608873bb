using System.Text.Json;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Training.Recipes;

namespace Cria.Cli.Sweeps;

/// <summary>Text becomes tokens once for all runs of a sweep that agree on it, whatever their seeds.</summary>
sealed class SweepData(string folder, int threads, Action<string> tell, CancellationToken cancellation)
{
    readonly Dictionary<string, SharedCorpus> _prepared = [];

    /// <param name="recipe">As written: its own seed divides the text, where it is divided.</param>
    public SharedCorpus Of(Recipe recipe)
    {
        // In which order and in what lengths it is read says nothing of the data.
        var common = recipe with { Data = recipe.Data with { Reader = new(), SequenceLength = new DataRecipe().SequenceLength } };
        string key = Sha256.Of(JsonSerializer.Serialize(new { common.Data, common.Tokenizer, common.Seed }));
        if (!_prepared.TryGetValue(key, out var corpus))
            _prepared[key] = corpus = SharedCorpus.Prepare(common, Path.Combine(folder, key[..8]), threads, tell, cancellation);
        return corpus;
    }
}
