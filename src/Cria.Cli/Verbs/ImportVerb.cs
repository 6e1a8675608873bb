using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Verbs;

/// <summary><c>cria import</c>: a checkpoint of any format becomes a Hugging Face folder, which every verb reads and trains from.</summary>
static class ImportVerb
{
    static readonly Argument<string> Source = new("SOURCE") { Description = Checkpoints.Description };
    static readonly Option<string> Out = ConversionOptions.Out("DIR", "The folder to make; it must not exist.");
    static readonly Option<string?> Type = ConversionOptions.Type();
    static readonly Option<long?> MaxShard = ConversionOptions.MaxShardSize();
    static readonly Option<string?> Tokenizer = ConversionOptions.Tokenizer();

    public static Command Create() => new Verb(
        "import",
        "Make a Hugging Face folder of a checkpoint in any format that is known.",
        "cria import stories260K.gguf --out models/stories260K")
    {
        Source, Out, Type, MaxShard, Tokenizer, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var conversion = ConversionOptions.Read(parsed, HuggingFaceFormat.Instance, Out, Type, MaxShard, Tokenizer);
        ConversionOptions.Print(parsed, conversion.Run(parsed.GetRequiredValue(Source), cancellation));
        return 0;
    }
}
