using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>A recipe's model before there is a tokenizer: as many tokens as will be learned.</summary>
static class RecipeVocabulary
{
    public static Recipe WithVocabulary(this Recipe recipe) => recipe.Model.VocabSize > 0
        ? recipe
        : recipe with { Model = recipe.Model with { VocabSize = recipe.Tokenizer.VocabSize } };
}
