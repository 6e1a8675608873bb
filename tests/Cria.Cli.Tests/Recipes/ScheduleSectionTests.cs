using Cria.Cli.Recipes;
using Cria.Training.Averaging;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The sections that say how the learning rate goes, when the run ends and what is averaged.</summary>
public sealed class ScheduleSectionTests
{
    const string Small = "name: small\nmodel: {hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 176}\ndata: {train: a.txt}\n";

    [Fact]
    public void Every_section_is_read_and_written_back()
    {
        Recipe recipe = Parse("stop: {time: 1h30m}",
            "schedule: {type: wsd, decay_shape: mirror_cosine, min_fraction: 0.01, warmup_from: 0}",
            "average: [{type: ema, half_life_tokens: 2M, use: final}, {type: lawa, count: 3, name: last_3}]",
            "optimizer: {beta2_half_life: 10M}");
        Assert.Equal((0, TimeSpan.FromMinutes(90)), (recipe.Steps, recipe.Stop!.Time));
        Assert.Equal(new WsdRecipe { DecayShape = DecayShape.MirrorCosine, MinFraction = 0.01f, WarmupFrom = 0 }, recipe.Schedule);
        Assert.Equal([new EmaRecipe { HalfLifeTokens = 2_000_000, Use = AverageUse.Final }, new LawaRecipe { Count = 3, Name = "last_3" }], recipe.Average);
        Assert.Equal(10_000_000, Assert.IsType<AdamWRecipe>(recipe.Optimizer).Beta2HalfLife);
        string text = RecipeFile.Text(recipe);
        Assert.Equal(text, RecipeFile.Text(RecipeFile.Parse(text, "again.yaml", "/here")));
        Assert.Contains("last_3", RecipeFile.Differences(recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void One_average_needs_no_list_and_the_old_keys_mean_what_they_meant()
    {
        Assert.Equal([new EmaRecipe { Decay = 0.99 }], Parse("steps: 5", "average: {decay: 0.99}").Average);
        Recipe old = Parse("steps: 5", "schedule: {type: cosine, warmup_steps: 3, min_learning_rate: 1e-5}");
        Assert.Equal(new CosineRecipe { WarmupSteps = 3, MinLearningRate = 1e-5f }, old.Schedule);
        Assert.Equal((5, null), (old.Steps, old.Stop));
    }

    [Theory]
    [InlineData("schedule: {type: cosin}", "did you mean 'cosine'")]
    [InlineData("schedule: {type: linear, decay_fraction: 0.1}", "it is of wsd")]
    [InlineData("average: {type: window, count: 3}", "it is of lawa")]
    [InlineData("stop: {time: 3 hours}", "a time such as")]
    [InlineData("stop: {minutes: 3}", "there is no key 'stop.minutes'")]
    public void A_mistake_is_named_with_what_is_known(string section, string said) =>
        Assert.Contains(said, Assert.Throws<RecipeException>(() => Parse(section)).Message);

    static Recipe Parse(params string[] sections) => RecipeFile.Parse(Small + string.Join('\n', sections), "small.yaml", "/here");
}
