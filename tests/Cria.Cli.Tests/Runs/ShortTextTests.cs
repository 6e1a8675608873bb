using Cria.Cli.Recipes;
using Cria.Cli.Runs;

namespace Cria.Cli.Tests.Runs;

/// <summary>A text of any length gives some of itself to validation.</summary>
public sealed class ShortTextTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("One line of text only, nothing else.", "One line of text only, nothing", "else.")]
    [InlineData("The first line of it\nand the second", "The first line of it\nand the", "second")]
    [InlineData("abcdefghijklmnopqrst", "abcdefghijklmnopqr", "st")]
    [InlineData("aaaaaaaaaaaaaaaaa\U0001F999", "aaaaaaaaaaaaaaaaa", "\U0001F999")]
    public void The_end_is_held_out_where_a_word_begins(string text, string train, string validation)
    {
        List<string> told = [];
        Assert.Equal([(train, false), (validation, true)], ShortText.Divided([(text, false)], 0.02, told.Add));
        Assert.Contains("short", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_lost_of_many_pieces_and_the_training_side_is_the_larger()
    {
        (string, bool)[] pieces = [.. Enumerable.Range(0, 9).Select(i => ($"piece {i}", true))];
        var divided = ShortText.Divided(pieces, 0.02, _ => { });
        Assert.Equal(string.Concat(pieces.Select(piece => piece.Item1.Replace(" ", "", StringComparison.Ordinal))),
            string.Concat(divided.Select(piece => piece.Text.Replace(" ", "", StringComparison.Ordinal))));
        Assert.InRange(divided.Count(piece => piece.IsValidation), 1, 2);
        Assert.True(divided[^1].IsValidation);
        Assert.Equal([.. divided.OrderBy(piece => piece.IsValidation)], divided);
    }

    [Fact]
    public void What_chance_divided_stays_as_it_is()
    {
        (string, bool)[] pieces = [("a", false), ("b", true)];
        Assert.Equal(pieces, ShortText.Divided(pieces, 0.02, _ => Assert.Fail("nothing is short")));
    }

    [Theory, InlineData("One line of text only, nothing else.\n"), InlineData("the same line\nthe same line\nthe same line\n")]
    public void A_line_becomes_training_and_validation_shards(string text)
    {
        var recipe = RecipeFile.Read(_folder.Write("recipe.yaml", TinyRun.Recipe()));
        recipe = recipe with { Data = recipe.Data with { Synth = null, Train = [_folder.Write("line.txt", text)] } };
        var corpus = new CorpusPreparation(recipe, _folder["data"], 1, _ => { }, default).Run();
        Assert.NotEmpty(Directory.GetFiles(corpus.Validation));
        Assert.NotEmpty(Directory.GetFiles(Assert.Single(corpus.Train)));
    }
}
