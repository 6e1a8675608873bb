using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>Text that is made ready once, for several runs.</summary>
static class SharedCorpus
{
    /// <summary>Makes the recipe's data ready in a folder, or finds it there.</summary>
    /// <returns>The recipe with the tokens and the tokenizer named in the place of the text.</returns>
    public static Recipe Prepare(Recipe recipe, string folder, int threads, Action<string> tell, CancellationToken cancellation)
    {
        var corpus = new CorpusPreparation(recipe, folder, threads, tell, cancellation).Run();
        if (corpus.TrainText is null) // tokens were given
            return recipe;
        return recipe with
        {
            Tokenizer = recipe.Tokenizer with { Path = CorpusPreparation.TokenizerIn(folder) },
            Data = recipe.Data with { Train = [.. corpus.Train], Validation = [corpus.Validation], Synth = null },
        };
    }
}
