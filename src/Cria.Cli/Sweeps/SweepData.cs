using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cria.Cli.Runs;
using Cria.Training.Recipes;

namespace Cria.Cli.Sweeps;

/// <summary>Text becomes tokens once for all runs of a sweep that agree on it, whatever their seeds.</summary>
sealed class SweepData(string folder, int threads, Action<string> tell, CancellationToken cancellation)
{
    readonly Dictionary<string, PreparedTokens> _prepared = [];

    /// <summary>The recipe on tokens, and what stands for them.</summary>
    /// <param name="recipe">As written: its own seed divides the text, where it is divided.</param>
    public (Recipe Recipe, PreparedTokens Tokens) Prepare(Recipe recipe)
    {
        // In which order and in what lengths it is read says nothing of the data.
        var common = recipe with { Data = recipe.Data with { Reader = new(), SequenceLength = new DataRecipe().SequenceLength } };
        string key = Hash(JsonSerializer.Serialize(new { common.Data, common.Tokenizer, common.Seed }));
        if (!_prepared.TryGetValue(key, out var tokens))
        {
            string place = Path.Combine(folder, key[..8]);
            var corpus = new CorpusPreparation(common, place, threads, tell, cancellation).Run();
            string? tokenizer = corpus.TrainText is null ? recipe.Tokenizer.Path : Path.Combine(place, "tokenizer");
            _prepared[key] = tokens = new(corpus, Path.GetFullPath(tokenizer!), Manifests(corpus));
        }
        bool isTokens = tokens.Corpus.TrainText is null;
        return (recipe with
        {
            Tokenizer = recipe.Tokenizer with { Path = tokens.Tokenizer },
            Data = isTokens ? recipe.Data : recipe.Data with
            {
                Train = [.. tokens.Corpus.Train.Select(Path.GetFullPath)],
                Validation = [Path.GetFullPath(tokens.Corpus.Validation)],
                Synth = null,
            },
        }, tokens);
    }

    // What a run's checkpoints record of its data: the training tokens one after another, then the validation's.
    static string Manifests(PreparedCorpus corpus)
    {
        var hashes = new StringBuilder();
        foreach (string path in corpus.Train.Append(corpus.Validation))
        {
            var stream = TokenStreams.Open(path, corpus.Tokenizer);
            using var opened = stream as IDisposable;
            hashes.Append(stream.ManifestHash);
        }
        return hashes.ToString();
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <param name="Corpus">Prepared.</param>
/// <param name="Tokenizer">Its path.</param>
/// <param name="Hash">Of all tokens.</param>
sealed record PreparedTokens(PreparedCorpus Corpus, string Tokenizer, string Hash);
