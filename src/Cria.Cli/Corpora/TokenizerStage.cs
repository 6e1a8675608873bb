using System.Text.Json;
using Cria.Data.Corpora;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;
using Cria.Interop;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Corpora;

/// <summary>A vocabulary is learned from the training text, or the one that is named is taken.</summary>
sealed class TokenizerStage(CorpusTokenizer recipe) : ICorpusStage
{
    public const string Folder = "tokenizer";

    readonly Lazy<ITokenizer>? _given = recipe.Path is { } path ? new(() => Opened(path)) : null;

    public string Name => "tokenizer";

    public string Key => JsonSerializer.Serialize(recipe) + (_given is null ? "" : TokenizerJson.TokenizerHash(_given.Value));

    public IReadOnlyList<string> Outputs => [Folder];

    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        ITokenizer tokenizer = _given?.Value ?? Learned(input, threads, cancellation);
        TokenizerJson.WriteFolder(tokenizer, Path.Combine(folder, Folder));
        return new StageReport
        {
            Stage = Name,
            Facts = [new StageFact("tokens", $"{tokenizer.VocabSize}"), new StageFact("sha256", TokenizerJson.TokenizerHash(tokenizer))],
        };
    }

    static ITokenizer Opened(string path)
    {
        if (!Path.Exists(path))
            throw new Data.DataException($"{path} does not exist, and tokenizer.path of the recipe names it; put it there, or name yours.");
        ITokenizer tokenizer = TokenizerFile.Open(path).ToTrainWith();
        return tokenizer.EndOfText is null
            ? throw new Data.DataException($"{path} has no <|endoftext|>, which separates documents in shards; name another tokenizer.")
            : tokenizer;
    }

    BpeTokenizer Learned(string input, int threads, CancellationToken cancellation)
    {
        var options = new BpeTrainerOptions { VocabSize = recipe.VocabSize, MinFrequency = recipe.MinFrequency, Threads = threads };
        return BpeTrainer.Train(DocumentReader.Open([input]).Select(document => document.Utf8), options, null, cancellation);
    }
}
