namespace Cria.Cli.Tests.Runs;

/// <summary>What every refusal looks like from outside.</summary>
static class Refusal
{
    /// <summary>Nothing on standard output, the exit code, and a sentence that says <paramref name="said"/>.</summary>
    public static void Assert(int expectedCode, int code, string output, string error, params string[] said)
    {
        Xunit.Assert.True(code == expectedCode, $"exit code {code} where {expectedCode} was expected: {error}");
        Xunit.Assert.Empty(output);
        string[] lines = error.TrimEnd().Split('\n');
        string sentence = Xunit.Assert.Single(lines, line => line.StartsWith("error: ", StringComparison.Ordinal));
        Xunit.Assert.DoesNotContain(lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
        Xunit.Assert.DoesNotContain("unexpected", sentence, StringComparison.Ordinal);
        foreach (string words in said)
            Xunit.Assert.Contains(words, sentence, StringComparison.Ordinal);
    }
}
