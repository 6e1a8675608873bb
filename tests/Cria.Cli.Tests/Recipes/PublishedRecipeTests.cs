using Cria.Cli.Recipes;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The recipes of published models, each with the number of parameters its authors count.</summary>
public sealed class PublishedRecipeTests
{
    [Theory]
    [InlineData("lillm/lillm-39m.yaml", 39_596_544)]
    [InlineData("gpt2/gpt2-124m.yaml", 124_439_808)]
    public void A_recipe_has_its_model_to_the_parameter(string name, long parameters)
    {
        Recipe recipe = RecipeFile.Read(Path.Combine(LauncherTests.RepositoryRoot(), "recipes", name));
        RecipeRules.Check(recipe);
        using ILanguageModel model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        Assert.Equal(parameters, model.Parameters.Count);
        Assert.Equal(RecipeFile.Text(recipe), RecipeFile.Text(RecipeFile.Parse(RecipeFile.Text(recipe), "again.yaml", "/")));
    }
}
