using Cria.Cli.Recipes;
using Cria.Data.Corpora;
using Cria.Data.Fetching;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The recipes of published corpora, whose files `cria data fetch` brings.</summary>
public sealed class CorpusRecipeTests
{
    static readonly string Root = Path.GetFullPath(LauncherTests.RepositoryRoot());

    [Theory]
    [InlineData("openwebtext"), InlineData("slimpajama-6b"), InlineData("tinystories")]
    public void A_recipe_reads_what_the_fetch_of_its_name_writes(string name)
    {
        CorpusRecipe recipe = RecipeFile.Read<CorpusRecipe>(Path.Combine(Root, "recipes", "data", name + ".yaml"), []);
        recipe.Check();
        Assert.Equal(name, recipe.Name);
        FetchRequest fetch = FetchRequest.Parse([name]);
        Assert.Equal(Path.Combine(Root, "data", fetch.Folder, "train", "*.parquet"), Assert.Single(Assert.Single(recipe.Sources).Files));
        Assert.NotNull(fetch.Hub);
    }
}
