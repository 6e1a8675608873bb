using Cria.Cli.Recipes;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The recipes for little data, and the knobs that they turn.</summary>
public sealed class LittleDataRecipeTests
{
    static readonly string Folder = Path.Combine(LauncherTests.RepositoryRoot(), "recipes", "little-data");

    [Theory]
    [InlineData("tuned"), InlineData("smoothed"), InlineData("student"), InlineData("chain")]
    public void Each_is_the_twin_but_for_what_it_is_about(string name)
    {
        Recipe twin = RecipeFile.Read(Path.Combine(Folder, "twin.yaml")), recipe = RecipeFile.Read(Path.Combine(Folder, $"{name}.yaml"));
        RecipeRules.Check(recipe);
        Assert.Equal(2048, recipe.Data.Reader.Subset);
        Assert.True(recipe.Optimizer.WeightDecay > twin.Optimizer.WeightDecay);
        Recipe same = recipe with
        {
            Name = twin.Name,
            Loss = twin.Loss,
            Chain = null,
            Optimizer = recipe.Optimizer with { WeightDecay = twin.Optimizer.WeightDecay },
        };
        Assert.Equal(RecipeFile.Text(twin), RecipeFile.Text(same));
    }

    [Theory]
    [InlineData("model_type: llama, intermediate_size: 64", "attention_dropout", "residual_dropout")]
    [InlineData("model_type: qwen3, intermediate_size: 64, head_dim: 64", "attention_dropout")]
    [InlineData("model_type: gpt2", "attention_dropout", "residual_dropout", "embedding_dropout")]
    [InlineData("model_type: gptj", "attention_dropout", "residual_dropout", "embedding_dropout")]
    public void A_recipe_can_say_what_every_architecture_drops(string architecture, params string[] keys)
    {
        foreach (string key in keys)
        {
            Recipe With(string share) => RecipeFile.Parse($$"""
                name: dropping
                model: {{{architecture}}, hidden_size: 128, num_hidden_layers: 1, num_attention_heads: 2, {{key}}: {{share}}}
                data: {train: a.txt}
                steps: 100
                optimizer: {weight_decay: 3.2}
                """, "recipe.yaml", "/");

            RecipeRules.Check(With("0.25"));
            Assert.Contains($"{key}: 0.25", RecipeFile.Text(With("0.25")), StringComparison.Ordinal);
            Assert.Contains(key, Assert.Throws<ConfigException>(() => RecipeRules.Check(With("1"))).Message, StringComparison.Ordinal);
        }
    }
}
