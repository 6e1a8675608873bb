using Cria.Data;
using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Runs;

/// <summary>Opens what holds tokens: our shards, or files of other programs with the tokenizer that made them.</summary>
static class TokenStreams
{
    /// <summary>Whether a path names tokens, and not text.</summary>
    public static bool Has(string path) => IsShards(path) || TokenFileSet.Has(path);

    /// <exception cref="DataException">There is none, or the tokenizer is missing or wrong.</exception>
    public static ITokenStream Open(string path, ITokenizer? tokenizer)
    {
        if (IsShards(path))
            return ShardSet.Open(path);
        if (tokenizer is null)
        {
            throw new DataException($"{path} is no folder of shards, and other token files do not say what made them; " +
                "name their --tokenizer.");
        }

        return TokenFileSet.Open(path, new TokenFileOptions
        {
            VocabSize = tokenizer.VocabSize,
            EndOfText = tokenizer.EndOfText ?? throw new DataException("The tokenizer has no <|endoftext|>, which separates documents."),
            TokenizerSha256 = TokenizerJson.TokenizerHash(tokenizer),
        });
    }

    static bool IsShards(string path) => File.Exists(Path.Combine(path, ShardManifest.FileName));
}
