using Cria.Evaluation.Pairs;

namespace Cria.Cli.Evaluations;

/// <summary>The names of the options of minimal pairs, the same on the command line, in tables and in documents.</summary>
static class PairWords
{
    public static IReadOnlyList<string> Contexts { get; } = ["bos", "eos", "none"];

    public static PairContext Context(string word) => (PairContext)Contexts.ToList().IndexOf(word);

    public static string Of(PairContext context) => Contexts[(int)context];

    /// <summary>What stands before a text, in a sentence's words.</summary>
    public static string Of(PairOptions options) =>
        $"context {Of(options.Context)}, {(options.LeadingSpace ? "a leading space" : "no leading space")}";

    /// <summary>A text that may hold anything, in one line of a terminal.</summary>
    public static string OneLine(string text) =>
        string.Create(text.Length, text, static (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
}
