using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Data.Tokenizers;
using Cria.Interop;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data convert</c>: token files of other programs to shards, and shards to theirs.</summary>
static class DataConvertVerb
{
    static readonly Argument<string> Input = new("IN")
    {
        Description = "A folder of shards, or token files of nanoGPT, lilLM, llm.c, FineWeb or lit-gpt: a file, a folder or a pattern.",
    };

    static readonly Option<string> To = new("--to")
    {
        Description = "What to write: cria (shards), bin (nanoGPT, lilLM), llmc, fineweb (llm.c in shards of 100M) or litpkds (lit-gpt).",
        Required = true,
    };

    static readonly Option<string> Out =
        DataVerb.Out("PATH", "A folder; for bin and llmc also a file, whose name ends in .bin.");

    static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        HelpName = "FILE|DIR",
        Description = "What made the ids; needed for everything but shards that go out.",
    };

    static readonly Option<int> ShardTokens = Numbers.Count("--shard-tokens", "N", "Tokens in a full file, where there are several.", 1);

    static DataConvertVerb() => To.AcceptOnlyFromAmong([Formats.Cria, .. Formats.Foreign]);

    public static Command Create() => new Verb(
        "convert",
        "Turn token files of other programs into shards, or shards into theirs.",
        "cria data convert openwebtext/train.bin --tokenizer gpt2 --to cria --out shards/train")
    {
        Input, To, Out, Tokenizer, ShardTokens,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string input = parsed.GetRequiredValue(Input), to = parsed.GetRequiredValue(To), path = parsed.GetRequiredValue(Out);
        int shardTokens = parsed.GetValue(ShardTokens);
        Formats.RefuseShardTokens(to, shardTokens);
        if (to == Formats.Cria && parsed.GetValue(Tokenizer) is null)
            throw new UsageException("--to cria needs the --tokenizer that made the ids: shards say how many bytes of text they hold.");
        ITokenizer? tokenizer = parsed.GetValue(Tokenizer) is { } file ? TokenizerFile.Open(file).ToTrainWith() : null;
        ITokenStream stream = TokenStreams.Open(input, tokenizer);
        using IDisposable? opened = stream as IDisposable;
        if (to == Formats.Cria)
        {
            ShardManifest made = TokenFileImport.ToShards(
                stream,
                tokenizer!,
                TokenizerJson.TokenizerHash(tokenizer!),
                path,
                shardTokens > 0 ? shardTokens : ShardOptions.UsualTokensPerShard,
                cancellation);
            Output.Line($"{path}: {made.Documents} documents, {made.Tokens} tokens in {made.Shards.Count} shards");
            return 0;
        }

        TokenFileFormat format = Formats.Of(to);
        if (format is TokenFileFormat.Bin or TokenFileFormat.Llmc && path.EndsWith(".bin", StringComparison.Ordinal))
        {
            TokenFileExport.WriteFile(format, path, stream, cancellation);
            Output.Line($"{path}: {stream.Tokens - 1} tokens");
            return 0;
        }

        Formats.RefuseFile(path);
        IReadOnlyList<string> names = TokenFileExport.WriteFolder(
            format, path, Formats.NameOf(path), stream, null, shardTokens > 0 ? shardTokens : null, cancellation);
        Output.Line($"{path}: {stream.Tokens - 1} tokens in {(names.Count == 1 ? names[0] : $"{names.Count} files, {names[0]} …")}");
        return 0;
    }

    /// <summary>The formats' names on the command line.</summary>
    public static class Formats
    {
        public const string Cria = "cria";

        public static readonly string[] Foreign = ["bin", "llmc", "fineweb", "litpkds"];

        public static TokenFileFormat Of(string name) => Enum.Parse<TokenFileFormat>(name, ignoreCase: true);

        /// <exception cref="UsageException">The format has one file, whatever its length.</exception>
        public static void RefuseShardTokens(string name, int shardTokens)
        {
            if (shardTokens > 0 && (name is "bin" or "llmc"))
                throw new UsageException($"--shard-tokens is for formats of several files, and {name} has one; leave it out.");
        }

        /// <exception cref="UsageException">The folder would be called as a file is.</exception>
        public static void RefuseFile(string folder)
        {
            if (folder.EndsWith(".bin", StringComparison.Ordinal))
                throw new UsageException($"{folder} would be a folder of files, and is named like a file; name it without .bin.");
        }

        /// <summary>What files in a folder are called: as the folder.</summary>
        public static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
    }
}
