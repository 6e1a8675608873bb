using System.CommandLine;
using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Models;
using Cria.Models.Decoding;

namespace Cria.Cli.Verbs;

/// <summary><c>cria generate</c>: continues a prompt, streamed.</summary>
static class GenerateVerb
{
    static readonly Argument<string> Checkpoint = Checkpoints.Argument();
    static readonly Option<string> Prompt = new("--prompt") { HelpName = "TEXT", Description = "The beginning.", Required = true };
    static readonly Option<int> MaxTokens = Numbers.Count("--max-tokens", "N", "At most so many new tokens.", 1);
    static readonly Option<float> Temperature = Option("--temperature", "T", 0.8f, "0 takes the most probable token every time.");
    static readonly Option<int> TopK = new("--top-k") { HelpName = "K", Description = "Only the K most probable tokens; 0 takes all." };
    static readonly Option<float> TopP = Option("--top-p", "P", 1, "Only the smallest set of tokens with this probability together.");
    static readonly Option<float> Penalty = Option("--repetition-penalty", "R", 1, "Above 1 makes tokens that are already there less likely.");

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
            Temperature = parsed.GetValue(Temperature),
            TopK = parsed.GetValue(TopK),
            TopP = parsed.GetValue(TopP),
            RepetitionPenalty = parsed.GetValue(Penalty),
            Seed = parsed.GetValue(GlobalOptions.Seed) ?? 1,
        };
        try
        {
            options.Validate();
        }
        catch (ConfigException e)
        {
            throw new UsageException(e.Message);
        }
        using var opened = new OpenedModel(parsed.GetRequiredValue(Checkpoint), parsed.ThreadCount());
        using var decoder = new Decoder(opened.Model, opened.Kernels);
        string prompt = parsed.GetRequiredValue(Prompt);
        int maxTokens = parsed.GetValue(MaxTokens) is > 0 and int given ? given : 256;
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

    static Option<float> Option(string name, string help, float value, string description) =>
        new(name) { HelpName = help, Description = description, DefaultValueFactory = _ => value };
}
