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

    public string Name => "tokenizer";

    public string Key => JsonSerializer.Serialize(recipe) + (recipe.Path is { } path && File.Exists(path) ? $"{File.GetLastWriteTimeUtc(path):O}" : "");

    public IReadOnlyList<string> Outputs => [Folder];

    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        ITokenizer tokenizer = recipe.Path is { } path ? TokenizerFile.Open(path).ToTrainWith() : Learned(input, threads, cancellation);
        TokenizerJson.WriteFolder(tokenizer, Path.Combine(folder, Folder));
        return new StageReport
        {
            Stage = Name,
            Facts = [new StageFact("tokens", $"{tokenizer.VocabSize}"), new StageFact("sha256", TokenizerJson.TokenizerHash(tokenizer))],
        };
    }

    BpeTokenizer Learned(string input, int threads, CancellationToken cancellation)
    {
        var options = new BpeTrainerOptions { VocabSize = recipe.VocabSize, MinFrequency = recipe.MinFrequency, Threads = threads };
        return BpeTrainer.Train(DocumentReader.Open([input]).Select(document => document.Utf8), options, null, cancellation);
    }
}
