using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Interop.Checkpoints;

namespace Cria.Cli.Verbs;

/// <summary><c>cria export</c>: a checkpoint for other people's programs.</summary>
static class ExportVerb
{
    static readonly Argument<string> Checkpoint = Checkpoints.Argument();
    static readonly Option<string> To = new("--to")
    {
        HelpName = string.Join('|', Names),
        Description = $"The format: {string.Join("; ", CheckpointFormats.Writable.Select(f => $"{f.Name}, {f.Description} ({string.Join(", ", f.Types)})"))}.",
        Required = true,
    };
    static readonly Option<string> Out = ConversionOptions.Out("PATH", "The file or folder to make; it must not exist.");
    static readonly Option<string?> Type = ConversionOptions.Type();
    static readonly Option<long?> MaxShard = ConversionOptions.MaxShardSize();
    static readonly Option<string?> Tokenizer = ConversionOptions.Tokenizer();

    static string[] Names => [.. CheckpointFormats.Writable.Select(format => format.Name)];

    public static Command Create() => new Verb(
        "export",
        "Write a checkpoint in the format of other programs.",
        "cria export runs/quickstart --to hf --dtype bf16 --out quickstart-hf")
    {
        Checkpoint, To, Out, Type, MaxShard, Tokenizer, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string name = parsed.GetRequiredValue(To);
        var format = CheckpointFormats.Writable.FirstOrDefault(format => format.Name == name)
            ?? throw new UsageException($"--to got '{name}'; {NearestName.Hint(name, Names)}");
        var conversion = ConversionOptions.Read(parsed, format, Out, Type, MaxShard, Tokenizer);
        ConversionOptions.Print(parsed, conversion.Run(parsed.GetRequiredValue(Checkpoint), cancellation));
        return 0;
    }
}
