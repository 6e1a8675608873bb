using Cria.Cli.Recipes;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;
using Cria.Data.Corpora;

namespace Cria.Cli.Tests.Recipes;

public sealed class CorpusRecipeFileTests : IDisposable
{
    const string Small = """
        name: small
        sources:
          - files: [books/*.jsonl, "${CRIA_TEST_BOOKS}/more.txt"]
            group_field: author
            baby_lm: none
        steps: [control_characters, nfc, spaces, {length: {min_words: 20}}, boilerplate_lines: {patterns: ["^Share on"]}]
        near_duplicates: {threshold: 0.7, banding: {bands: 20, rows: 5}}
        decontamination:
          sets: [{name: tests, files: eval.jsonl, fields: [question]}]
          options: {ngram_words: 8}
        split: {validation_fraction: 0.05, held_out_groups: [Jane Austen, "1984"]}
        tokenizer: {vocab_size: 4096}
        """;

    readonly TemporaryFolder _folder = new();

    public CorpusRecipeFileTests() => Environment.SetEnvironmentVariable("CRIA_TEST_BOOKS", "/library");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_land_on_records_steps_on_classes_and_variables_on_paths()
    {
        CorpusRecipe recipe = Read(Small);
        Assert.Equal([_folder["books/*.jsonl"], "/library/more.txt"], recipe.Sources[0].Files);
        Assert.Equal([typeof(ControlCharacters), typeof(CanonicalForms), typeof(Spaces), typeof(LengthFilter), typeof(BoilerplateLines)],
            recipe.Steps.Select(step => step.GetType()));
        Assert.Equal(20, Assert.IsType<LengthFilter>(recipe.Steps[3]).MinWords);
        Assert.Equal("a\n", ((ICleaningStep)recipe.Steps[4]).Apply("a\nShare on this"));
        Assert.Equal((0.7, 20), (recipe.NearDuplicates!.Threshold, recipe.NearDuplicates.Banding!.Value.Bands));
        Assert.Equal((8, "question"), (recipe.Decontamination!.Options.NgramWords, recipe.Decontamination.Sets[0].Fields[0]));
        Assert.Equal(["Jane Austen", "1984"], recipe.Split.HeldOutGroups);
        Assert.Null(recipe.RepeatedLines);
        Assert.Equal(4, Read("name: a\nsources: [{files: x}]").Steps.Length); // what is left out is the basic recipe's
    }

    [Fact]
    public void What_is_written_out_reads_back_equal()
    {
        string text = RecipeFile.Text(Read(Small));
        Assert.Equal(text, RecipeFile.Text(Read(text)));
        Assert.Contains("min_words: 20", text, StringComparison.Ordinal);
        Assert.Contains("licence: \"\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("steps: [lenght]", "there is no step 'lenght'; did you mean 'length'?")]
    [InlineData("near_duplicates: {seed: 3}", "there is no key 'near_duplicates.seed'")] // the recipe's own seed draws
    [InlineData("near_duplicates: {temporary_folder: /tmp}", "there is no key 'near_duplicates.temporary_folder'")]
    [InlineData("steps: [{length: {min_word: 3}}]", "there is no key 'steps[0].length.min_word'; did you mean 'min_words'?")]
    [InlineData("steps: [{boilerplate_lines: {patterns: ['(a)\\1']}}]", "without look-around and back references")]
    [InlineData("split: {held_out: [a]}", "there is no key 'split.held_out'")]
    [InlineData("near_duplicates: {treshold: 0.5}", "did you mean 'threshold'?")]
    [InlineData("source: x", "did you mean 'sources'?")]
    public void A_mistake_is_named_with_its_place(string line, string expected)
    {
        var e = Assert.Throws<RecipeException>(() => Read($"name: a\nsources: [{{files: x}}]\n{line}\n"));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("corpus.yaml:3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_named()
    {
        var e = Assert.Throws<RecipeException>(() => Read("name: a\nsources: [{files: '${CRIA_NEVER_SET}/x.txt'}]\n"));
        Assert.Contains("needs the environment variable CRIA_NEVER_SET", e.Message, StringComparison.Ordinal);
    }

    CorpusRecipe Read(string text) => RecipeFile.Read<CorpusRecipe>(_folder.Write("corpus.yaml", text));
}
