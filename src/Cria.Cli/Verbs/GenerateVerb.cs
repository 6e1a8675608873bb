using System.CommandLine;
using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Models.Decoding;

namespace Cria.Cli.Verbs;

/// <summary><c>cria generate</c>: continues a prompt, streamed.</summary>
static class GenerateVerb
{
    static readonly Argument<string> Checkpoint = Checkpoints.Argument();
    static readonly Option<string> Prompt = new("--prompt") { HelpName = "TEXT", Description = "The beginning.", Required = true };
    static readonly Option<int> MaxTokens = Numbers.Count("--max-tokens", "N", "At most so many new tokens.", 1);
    static readonly Option<double> Temperature =
        Numbers.Real("--temperature", "T", "0 takes the most probable token every time.", 0.8, 0, 100);
    static readonly Option<int> TopK = Numbers.Count("--top-k", "K", "Only the K most probable tokens; 0 takes all.", 0, without: 0, example: 40);
    static readonly Option<double> TopP =
        Numbers.Real("--top-p", "P", "Only the smallest set of tokens with this probability together.", 1, 0, 1);
    static readonly Option<double> Penalty =
        Numbers.Real("--repetition-penalty", "R", "Above 1 makes tokens that are already there less likely.", 1, 0.01, 100);

    public static Command Create() => new Verb(
        "generate",
        "Continue a text; the same seed gives the same text.",
        "cria generate runs/quickstart --prompt \"One day, \" --max-tokens 200 --seed 7")
    {
        Checkpoint, Prompt, MaxTokens, Temperature, TopK, TopP, Penalty,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var options = new SamplingOptions
        {
            Temperature = (float)parsed.GetValue(Temperature),
            TopK = parsed.GetValue(TopK),
            TopP = (float)parsed.GetValue(TopP),
            RepetitionPenalty = (float)parsed.GetValue(Penalty),
            Seed = parsed.GetValue(GlobalOptions.Seed) ?? 1,
        };
        options.Validate();
        using var opened = new OpenedModel(parsed.GetRequiredValue(Checkpoint), parsed.ThreadCount());
        string prompt = parsed.GetRequiredValue(Prompt);
        int maxTokens = parsed.GetValue(MaxTokens) is > 0 and int given ? given : 256;
        long tokens = (long)TextGeneration.Prompt(opened.Tokenizer, prompt).Length + maxTokens;
        using var decoder = new Decoder(opened.Model, opened.Kernels, tokens: (int)Math.Min(tokens, int.MaxValue));
        long began = Stopwatch.GetTimestamp();
        bool first = true;
        foreach (string piece in TextGeneration.Stream(decoder, opened.Tokenizer, prompt, maxTokens, options))
        {
            if (first)
                Console.Out.Write(prompt);
            first = false;
            Console.Out.Write(piece);
            Console.Out.Flush();
            if (cancellation.IsCancellationRequested)
                break;
        }
        Console.Out.Write(first ? prompt + "\n" : "\n");
        if (Output.HasTerminal)
            Output.Log($"{decoder.Length} tokens in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
        return cancellation.IsCancellationRequested ? Interruption.ExitCode : 0;
    }
}
