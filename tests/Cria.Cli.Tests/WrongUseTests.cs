namespace Cria.Cli.Tests;

public sealed class WrongUseTests
{
    [Theory]
    [InlineData("tokeniser", "tokenizer")]
    [InlineData("dta stats x", "data")]
    [InlineData("tokenizer trian x", "train")]
    [InlineData("data stats --jsno", "--json")]
    [InlineData("data stats x --tokeniser y", "--tokenizer")]
    [InlineData("doctor --thread 2", "--threads")]
    public void A_misspelt_word_returns_2_and_names_the_nearest(string line, string nearest)
    {
        (int code, string output, string error) = CriaProcess.Run(line.Split(' '));
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains($"did you mean '{nearest}'?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "a verb is missing")]
    [InlineData("data", "clean, build, pack, convert, verify, stats")]
    [InlineData("data pack x --out y", "--tokenizer")]
    [InlineData("tokenizer train x --vocab-size many --out y", "'many'")]
    [InlineData("tokenizer train x --vocab-size 1 --out y", "'1'")]
    [InlineData("doctor --device gpu", "gpu")]
    [InlineData("data clean x --out y --validation-fraction 2", "'2'; expected a number from 0 to 0.99")]
    [InlineData("data clean x --out y --validation-fraction half", "'half'; expected a number")]
    [InlineData("quickstart --minutes abc", "'abc'; expected a number")]
    [InlineData("quickstart --minutes 0", "'0'; expected a number")]
    [InlineData("generate x --prompt a --top-k few", "'few'; expected a whole number")]
    [InlineData("generate x --prompt a --seed -1", "'-1'; expected a whole number")]
    [InlineData("sweep x.yaml --jobs 0", "expected a whole number from 1 to 2147483647, such as 2.")]
    [InlineData("generate x --prompt a --threads 0", "such as 2.")]
    [InlineData("bench matmul --seconds soon", "'soon'; expected a number")]
    public void Wrong_use_returns_2_and_says_what_was_expected(string line, string part)
    {
        (int code, string output, string error) = CriaProcess.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data stats /no/such/file", "/no/such/file")]
    [InlineData("tokenizer show /no/such/file", "/no/such/file")]
    [InlineData("tokenizer encode --tokenizer /no/such/file", "/no/such/file")]
    [InlineData("doctor --device cuda", "cuda")]
    public void A_failure_returns_1_with_one_sentence(string line, string part)
    {
        (int code, string output, string error) = CriaProcess.Run(line.Split(' '));
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_name_that_begins_with_dashes_is_a_name_after_two_dashes()
    {
        (int code, _, string error) = CriaProcess.Run("data", "stats", "--", "--jsno");
        Assert.Equal(1, code);
        Assert.Contains("--jsno does not exist", error, StringComparison.Ordinal);
    }
}
