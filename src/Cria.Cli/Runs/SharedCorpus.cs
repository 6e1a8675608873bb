using System.Text;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>Text that is made ready once, for several runs.</summary>
/// <param name="corpus">Prepared.</param>
/// <param name="tokenizer">Its path.</param>
sealed class SharedCorpus(PreparedCorpus corpus, string tokenizer)
{
    string? _hash;

    public PreparedCorpus Corpus => corpus;

    /// <summary>What a run's checkpoints record of its data: the hashes of the training tokens one after another, then of the
    /// validation's.</summary>
    public string Hash => _hash ??= Manifests();

    /// <summary>Makes the recipe's data ready in a folder, or finds it there.</summary>
    public static SharedCorpus Prepare(Recipe recipe, string folder, int threads, Action<string> tell, CancellationToken cancellation)
    {
        var corpus = new CorpusPreparation(recipe, folder, threads, tell, cancellation).Run();
        string? tokenizer = corpus.TrainText is null ? recipe.Tokenizer.Path : CorpusPreparation.TokenizerIn(folder);
        return new(corpus, Path.GetFullPath(tokenizer!)); // tokens are refused where no tokenizer is named
    }

    /// <summary>A recipe of this text with the tokens and the tokenizer named in the place of the text.</summary>
    public Recipe For(Recipe recipe) => recipe with
    {
        Tokenizer = recipe.Tokenizer with { Path = tokenizer },
        Data = corpus.TrainText is null ? recipe.Data : recipe.Data with
        {
            Train = [.. corpus.Train.Select(Path.GetFullPath)],
            Validation = [Path.GetFullPath(corpus.Validation)],
            Synth = null,
        },
    };

    string Manifests()
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
}
