using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Interop.Checkpoints;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary>What <c>import</c> and <c>export</c> ask and say alike.</summary>
static class ConversionOptions
{
    const long SmallestShard = 1 << 10;

    public static Option<string> Out(string helpName, string description) =>
        new("--out") { HelpName = helpName, Description = description, Required = true };

    public static Option<string?> Type() => new("--dtype")
    {
        HelpName = "f32|bf16|…",
        Description = "How the weights are written; the format's first if not given.",
    };

    public static Option<long?> MaxShardSize() => new("--max-shard-size")
    {
        HelpName = "SIZE",
        Description = "Hugging Face folders: begin another file beyond so many bytes, such as 500M; 5GB if not given.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Numbers.TryCount(text.TrimEnd('b', 'B'), out decimal bytes) && bytes >= SmallestShard && bytes <= long.MaxValue)
                return (long)bytes;
            result.AddError($"--max-shard-size got '{text}'; expected bytes, at least {SmallestShard}, such as 5GB or 500M.");
            return null;
        },
    };

    public static Option<string?> Tokenizer() => new("--tokenizer")
    {
        HelpName = "FILE|DIR",
        Description = "A tokenizer of any kind that is known, such as tokenizer.json or tokenizer.model, for a source that has none or another one.",
    };

    public static Conversion Read(
        ParseResult parsed,
        ICheckpointFormat format,
        Option<string> path,
        Option<string?> type,
        Option<long?> maxShard,
        Option<string?> tokenizer)
    {
        string? chosen = parsed.GetValue(type);
        if (chosen is not null && !format.Types.Contains(chosen))
            throw new UsageException($"--dtype got '{chosen}'; {format.Description} is written as {string.Join(" or ", format.Types)}.");
        long most = parsed.GetValue(maxShard) ?? new WriteOptions().MaxShardBytes;
        return new(format, parsed.GetRequiredValue(path), new() { Type = chosen, MaxShardBytes = most })
        {
            Tokenizer = parsed.GetValue(tokenizer) is { } from ? Given(from) : null,
        };
    }

    public static void Print(ParseResult parsed, ConversionResult result)
    {
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(result);
        else
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"{result.Out}: {Human.Count(result.Parameters)} parameters as {result.Dtype}, {Human.Bytes(result.Bytes)} ({result.Format}); read in {result.ReadingSeconds:F1} s, written in {result.WritingSeconds:F1} s"));
    }

    static GivenTokenizer Given(string path) => Path.Exists(path)
        ? GivenTokenizer.Open(path)
        : throw new UsageException($"--tokenizer got {path}, which does not exist.");
}
