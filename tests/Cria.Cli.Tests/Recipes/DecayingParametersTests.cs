using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

/// <summary>What decays in the recipes that are published here: whoever changes a default changes it for recipes to come.</summary>
public sealed class DecayingParametersTests
{
    static readonly string Root = Path.Combine(LauncherTests.RepositoryRoot(), "recipes");

    /// <summary>Recipe, and the kinds of parameters that decay in it, none where its weight decay is 0; a tied head is an
    /// embedding.</summary>
    static readonly (string Name, string Decays)[] Recipes =
    [
        ("babyllama/gpt-705M.yaml", ""),
        ("babyllama/gpt-97M-strict.yaml", ""),
        ("babyllama/gpt-97M.yaml", ""),
        ("babyllama/gpt-j-97M-strict.yaml", ""),
        ("babyllama/gpt-j-97M.yaml", ""),
        ("babyllama/llama-16M.yaml", ""),
        ("babyllama/llama-360M.yaml", ""),
        ("babyllama/llama-95M-strict.yaml", ""),
        ("babyllama/llama-95M.yaml", ""),
        ("babyllama/llama-97M-strict.yaml", ""),
        ("babyllama/llama-97M.yaml", ""),
        ("babyllama/llama-bigger-strict.yaml", ""),
        ("babyllama/small/gpt-1M.yaml", "matrices"),
        ("babyllama/small/gpt-3M.yaml", "matrices"),
        ("babyllama/small/llama-3M.yaml", "matrices"),
        ("babyllama/small/student-1M.yaml", "matrices"),
        ("babyllama/small/twin-1M.yaml", "matrices"),
        ("babyllama/student-58M.yaml", "embeddings, heads, matrices"),
        ("babyllama/three-way/gpt2.yaml", "matrices"),
        ("babyllama/three-way/gptj.yaml", "matrices"),
        ("babyllama/three-way/llama.yaml", "matrices"),
        ("budget/children.yaml", "embeddings, matrices"),
        ("children-classics.yaml", "embeddings, matrices"),
        ("gpt2/gpt2-124m.yaml", "embeddings, matrices"),
        ("inheritune/gpt2-large-32.yaml", "embeddings, matrices"),
        ("inheritune/gpt2-large.yaml", "embeddings, matrices"),
        ("inheritune/gpt2-medium.yaml", "embeddings, matrices"),
        ("inheritune/gpt2-small.yaml", "embeddings, matrices"),
        ("inheritune/gpt2-xlarge.yaml", "embeddings, matrices"),
        ("lillm/lillm-300m.yaml", "embeddings, matrices"),
        ("lillm/lillm-39m.yaml", "embeddings, matrices"),
        ("little-data/chain.yaml", "matrices"),
        ("little-data/smoothed.yaml", "matrices"),
        ("little-data/student.yaml", "matrices"),
        ("little-data/tuned.yaml", "matrices"),
        ("little-data/twin.yaml", "matrices"),
        ("llm-baselines/124M.yaml", "matrices"),
        ("llm-baselines/210M.yaml", "matrices"),
        ("llm-baselines/583M.yaml", "matrices"),
        ("llm-baselines/720M.yaml", "matrices"),
        ("noam/wide.yaml", "matrices"),
        ("optimizers/adamw.yaml", "matrices"),
        ("optimizers/ademamix.yaml", "matrices"),
        ("optimizers/d_muon.yaml", "matrices"),
        ("optimizers/lion.yaml", "matrices"),
        ("optimizers/muon.yaml", "matrices"),
        ("optimizers/schedule_free.yaml", "matrices"),
        ("optimizers/sgd.yaml", ""),
        ("optimizers/soap.yaml", "matrices"),
        ("optimizers/sophia.yaml", "matrices"),
        ("quickstart-text.yaml", "embeddings, matrices"),
        ("quickstart.yaml", "embeddings, matrices"),
        ("qwen3/qwen3-40m.yaml", "embeddings, matrices"),
        ("smoke.yaml", "embeddings, matrices"),
    ];

    public static TheoryData<string> Names => [.. Recipes.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_decays_in_a_published_recipe_stays_what_it_was(string name) =>
        Assert.Equal(Recipes.Single(recipe => recipe.Name == name).Decays, Decaying((Recipe)RecipeFile.Look(Path.Combine(Root, name))));

    [Fact]
    public void Every_recipe_of_a_model_is_in_the_table() =>
        Assert.Equal(
            Directory.EnumerateFiles(Root, "*.yaml", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(name => !name.StartsWith("data/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Recipes.Select(recipe => recipe.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void A_file_without_a_version_keeps_the_decay_of_its_embeddings_and_the_name_of_its_run()
    {
        string text = File.ReadAllText(Path.Combine(Root, "smoke.yaml"));
        string without = text.Replace("version: 1\n", "", StringComparison.Ordinal);
        Assert.NotEqual(text, without);
        Recipe said = RecipeFile.Parse(text, "smoke.yaml", "/here"), leftOut = RecipeFile.Parse(without, "smoke.yaml", "/here");
        Assert.Equal(1, leftOut.Version);
        Assert.Contains("embeddings", Decaying(leftOut), StringComparison.Ordinal);
        Assert.Equal(ResumeHash.Of(said, "", ""), ResumeHash.Of(leftOut, "", ""));

        Recipe newest = RecipeFile.Parse(without, "smoke.yaml", "/here", "version=2");
        Assert.DoesNotContain("embeddings", Decaying(newest), StringComparison.Ordinal);
        Assert.NotEqual(ResumeHash.Of(said, "", ""), ResumeHash.Of(newest, "", ""));
    }

    static string Decaying(Recipe recipe)
    {
        int vocabulary = recipe.Model.VocabSize > 0 ? recipe.Model.VocabSize : recipe.Tokenizer.VocabSize;
        ModelConfig config = recipe.Model with { VocabSize = vocabulary };
        using ILanguageModel model = ModelCatalog.Create(config, CpuDevice.Instance);
        return string.Join(", ", ParameterGroups.Of(recipe, model.Parameters).Where(group => group.WeightDecay > 0)
            .SelectMany(group => group.Parameters).Select(parameter => ParameterGroups.WordOf(parameter.Kind))
            .Distinct().Order(StringComparer.Ordinal));
    }
}
