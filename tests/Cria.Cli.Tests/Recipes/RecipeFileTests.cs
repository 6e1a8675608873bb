using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

public sealed class RecipeFileTests
{
    const string Small = """
        version: 1
        name: small
        model:
          hidden_size: 64
          num_hidden_layers: 2
          num_attention_heads: 4
          intermediate_size: 176
        data:
          train: [books/a.txt, /abs/b.jsonl]
        steps: 1e3
        optimizer:
          learning_rate: 3e-4
        sample:
          prompts:
            - Once upon a time
            - "123"
        """;

    [Fact]
    public void Keys_land_on_records_and_the_rest_keeps_its_defaults()
    {
        Recipe recipe = Parse(Small);
        LlamaConfig model = Assert.IsType<LlamaConfig>(recipe.Model);
        Assert.Equal((64, 2, 4, 176), (model.HiddenSize, model.NumHiddenLayers, model.NumAttentionHeads, model.IntermediateSize));
        Assert.Equal(1000, recipe.Steps);
        Assert.Equal(3e-4f, recipe.Optimizer.LearningRate);
        Assert.Equal(new AdamWRecipe().Beta2, Assert.IsType<AdamWRecipe>(recipe.Optimizer).Beta2);
        Assert.Equal(["Once upon a time", "123"], recipe.Sample.Prompts);
    }

    [Fact]
    public void Paths_are_relative_to_the_recipe()
    {
        Assert.Equal(["/here/books/a.txt", "/abs/b.jsonl"], Parse(Small).Data.Train);
        string overridden = Assert.Single(Parse(Small, "data.train=c.txt").Data.Train);
        Assert.Equal(Path.GetFullPath("c.txt"), overridden);
    }

    [Fact]
    public void The_resolved_recipe_reads_back_equal()
    {
        Recipe recipe = Parse(Small, "tokenizer.path=tok", "data.synth={stories: 5}", "seed=18446744073709551615",
            "optimizer.epsilon=1e-8", "sample.prompts=['null', '', \"a: b #c\", 'yes', '- x']", "name='12'");
        string text = RecipeFile.Text(recipe);
        Recipe again = RecipeFile.Parse(text, "again.yaml", "/elsewhere");
        Assert.Equal(text, RecipeFile.Text(again));
        Assert.Equal(recipe.Model, again.Model);
        Assert.Equal(recipe.Optimizer with { Groups = [] }, again.Optimizer with { Groups = [] });
        Assert.Equal(recipe.Data.Synth, again.Data.Synth);
        Assert.Equal(recipe.Data.Train, again.Data.Train);
        Assert.Equal(recipe.Sample.Prompts, again.Sample.Prompts);
        Assert.Equal((recipe.Name, recipe.Seed, recipe.Tokenizer.Path), (again.Name, again.Seed, again.Tokenizer.Path));
    }

    [Theory]
    [InlineData("  learning_rate: 3e-4", "  learnign_rate: 3e-4", "small.yaml:12", "'learning_rate'")]
    [InlineData("steps: 1e3", "step: 1e3", "small.yaml:10", "'steps'")]
    [InlineData("  hidden_size: 64", "  hiden_size: 64", "small.yaml:4", "'hidden_size'")]
    [InlineData("model:", "model:\n  model_type: lama", "small.yaml:4", "'llama'")]
    public void A_misspelt_key_names_file_line_and_the_nearest(string right, string wrong, string place, string nearest)
    {
        RecipeException e = Assert.Throws<RecipeException>(() => Parse(Small.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.StartsWith(place, e.Message, StringComparison.Ordinal);
        Assert.Contains($"did you mean {nearest}?", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("steps: 1e3", "steps: soon", "'soon'")]
    [InlineData("steps: 1e3", "steps: 1e30", "'1e30'")]
    [InlineData("steps: 1e3", "steps: -0.5", "'-0.5'")]
    [InlineData("steps: 1e3", "steps: [1, 2]", "steps is a block or a list")]
    [InlineData("  learning_rate: 3e-4", "  learning_rate: .nan", "'.nan'")]
    [InlineData("  hidden_size: 64", "", "'model.hidden_size' is missing")]
    [InlineData("steps: 1e3", "steps: 1e3\nsteps: 5", "steps")]
    [InlineData("steps: 1e3", "steps: {", "not YAML")]
    [InlineData("steps: 1e3", "steps: 1e3\nprecision: {activations: fp8}", "precision.activations is 'fp8'; expected one of f32, bf16.")]
    [InlineData("steps: 1e3", "steps: 1e3\nprecision: {moments: 16}", "precision.moments is '16'; expected one of f32, bf16.")]
    [InlineData("optimizer:", "optimizer: adamw\nschedule:", "optimizer is not a block")]
    public void A_wrong_value_is_named_with_what_was_expected(string right, string wrong, string part)
    {
        RecipeException e = Assert.Throws<RecipeException>(() => Parse(Small.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.StartsWith("small.yaml", e.Message, StringComparison.Ordinal);
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("steps=2", "optimizer.type=adam", "optimizer.type is 'adam'; did you mean 'adamw'?")]
    [InlineData("model.rms_norm_eps=1e-6", "model.model_type=gpt2", "'rms_norm_eps' (it is of llama, qwen3); replace the whole section")]
    [InlineData("steps=2", "model.rotary_dim=8", "has no 'rotary_dim' (it is of gptj); leave it out, or choose another model.model_type.")]
    [InlineData("optimizer.beta2=0.9", "optimizer.type=sgd", "sgd has no 'beta2' (it is of adamw, ")]
    [InlineData("optimizer.nesterov=true", "steps=2", "adamw has no 'nesterov' (it is of sgd")]
    public void A_key_of_another_kind_is_refused_with_the_kinds_that_have_it(string first, string second, string part) =>
        Assert.Contains(part, Assert.Throws<RecipeException>(() => Parse(Small, first, second)).Message, StringComparison.Ordinal);

    [Fact]
    public void Readers_and_mixtures_are_read_and_written()
    {
        Recipe recipe = Parse(Small, "data.reader={type: windows, shuffle: false}", "data.mixture=[{train: /a, weight: 4.5}, {train: /b, weight: 2}]");
        Recipe again = RecipeFile.Parse(RecipeFile.Text(recipe), "again.yaml", "/elsewhere");
        Assert.Equal(new() { Type = "windows", Shuffle = false }, again.Data.Reader);
        Assert.Equal([new() { Train = "/a", Weight = 4.5 }, new() { Train = "/b", Weight = 2 }], again.Data.Mixture);
        Assert.Equal("permutation", Parse(Small).Data.Reader.Type);
    }

    [Theory]
    [InlineData("data.reader.tipe=packed", "data.reader.tipe", "did you mean 'type'?")]
    [InlineData("data.mixture=[{train: a, wieght: 2}]", "data.mixture[0].wieght", "did you mean 'weight'?")]
    [InlineData("data.mixture=[{train: a}]", "data.mixture[0].weight", "is missing")]
    public void What_is_wrong_within_a_reader_or_a_mixture_is_named(string text, string key, string part)
    {
        UsageException e = Assert.ThrowsAny<UsageException>(() => Parse(Small, text));
        Assert.Contains(key, e.Message, StringComparison.Ordinal);
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_changes_what_is_there_and_adds_what_is_not()
    {
        Recipe recipe = Parse(Small, "optimizer.learning_rate=1e-3", "data.synth.stories=10k", "sample.prompts=[a, b]");
        Assert.Equal(1e-3f, recipe.Optimizer.LearningRate);
        Assert.Equal(10_000, recipe.Data.Synth!.Stories);
        Assert.Equal(["a", "b"], recipe.Sample.Prompts);
    }

    [Theory]
    [InlineData("optimizer.learing_rate=1", "--set optimizer.learing_rate=1: there is no key")]
    [InlineData("optimzer.beta1=1", "did you mean 'optimizer'?")]
    [InlineData("steps=soon", "--set steps=soon: steps is 'soon'")]
    [InlineData("steps", "expected PATH=VALUE")]
    public void A_wrong_override_is_quoted(string text, string part)
    {
        UsageException e = Assert.ThrowsAny<UsageException>(() => Parse(Small, text));
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment")]
    [InlineData("- a list")]
    [InlineData("just words")]
    [InlineData("a: 1\n---\nb: 2")]
    public void What_is_no_mapping_is_refused(string text) => Assert.Throws<RecipeException>(() => Parse(text));

    [Fact]
    public void Thousands_of_brackets_are_refused_not_followed() =>
        Assert.Throws<RecipeException>(() => Parse("a: " + new string('[', 100_000)));

    [Fact]
    public void A_file_is_read_and_written()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = RecipeFile.Read(folder.Write("small.yaml", Small));
        Assert.Equal(folder["books/a.txt"], recipe.Data.Train[0]);
        File.WriteAllText(folder["recipe.yaml"], RecipeFile.Text(recipe));
        Assert.Equal(RecipeFile.Text(recipe), RecipeFile.Text(RecipeFile.Read(folder["recipe.yaml"])));
    }

    static Recipe Parse(string text, params string[] overrides) => RecipeFile.Parse(text, "small.yaml", "/here", overrides);
}
