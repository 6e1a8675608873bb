using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Interop;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench tokenizer</c>: text to ids and back, and the learning of a vocabulary.</summary>
static class BenchTokenizerVerb
{
    static readonly Argument<string?> File = new("FILE") { Description = "A text file; generated stories if not given.", Arity = ArgumentArity.ZeroOrOne };
    static readonly Option<int> VocabSize = Numbers.Count("--vocab-size", "N", "The vocabulary to learn.", 257, without: 4096);
    static readonly Option<string?> Tokenizer = new("--tokenizer") { HelpName = "PATH", Description = "Encode with this tokenizer instead of the learned one." };

    public static Command Create() => new Verb("tokenizer", "Encoding, decoding and learning a vocabulary.", "cria bench tokenizer corpus.txt --tokenizer gpt2/tokenizer.json")
    {
        File, VocabSize, Tokenizer, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string? path = parsed.GetValue(File), tokenizer = parsed.GetValue(Tokenizer);
        var pieces = path is null ? TokenizerBench.Stories(parsed.GetValue(GlobalOptions.Seed) ?? 1) : TokenizerBench.Lines(path);
        if (pieces.Count == 0)
            throw new UsageException($"{path} is empty; there is nothing to encode.");
        var r = new TokenizerBench(pieces, parsed.ThreadCount()).Run(
            path is null ? "generated stories" : Path.GetFileName(path), parsed.GetValue(VocabSize),
            tokenizer is null ? null : (Name(tokenizer), () => TokenizerFile.Open(tokenizer).Tokenizer), cancellation);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(r);
        else
            Print(r);
        return 0;
    }

    /// <summary>The file and its folder: most tokenizers are called tokenizer.json.</summary>
    static string Name(string path) =>
        Path.Combine(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "", Path.GetFileName(path));

    static void Print(TokenizerResult r)
    {
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"""
            {r.Text}: {r.Bytes / 1e6:F1} MB, {r.TrainVocabSize} tokens learned in {r.TrainSeconds:F2} s ({r.Threads} threads)
            {r.Tokenizer}: {r.VocabSize} tokens, {r.BytesPerToken:F2} bytes a token
            encode {r.EncodeOneThread:F1} MB/s on one thread, {r.Encode:F1} MB/s on {r.Threads} ({r.EncodeSpeedup:F2} times)
            decode {r.Decode:F0} MB/s
            encode as one document {r.OneDocument:F1} MB/s on {r.Threads} ({r.OneDocumentSpeedup:F2} times)
            """));
        foreach (var worst in r.WorstCases)
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"{worst.Name,-16}{worst.Encode,8:F1} MB/s, {worst.TimesOrdinary:F1} times as long a byte as ordinary text"));
    }
}
