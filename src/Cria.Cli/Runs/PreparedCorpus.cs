using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;

namespace Cria.Cli.Runs;

/// <summary>Text made ready to train on.</summary>
/// <param name="Train">What to train on, as <see cref="TokenStreams"/> opens it: one stream, or the sources of a mixture.</param>
/// <param name="Validation">What to validate on, likewise.</param>
/// <param name="Tokenizer">Of both.</param>
/// <param name="TokenizerFiles">Name → content, to be carried into checkpoints.</param>
/// <param name="TrainText">The cleaned training text, or null where only tokens were given.</param>
/// <param name="Report">What cleaning did, or null where it was done in an earlier start or elsewhere.</param>
/// <param name="Statistics">What reading met, or null likewise.</param>
sealed record PreparedCorpus(
    IReadOnlyList<string> Train,
    string Validation,
    ITokenizer Tokenizer,
    IReadOnlyDictionary<string, byte[]> TokenizerFiles,
    string? TrainText,
    CleaningReport? Report = null,
    ReaderStatistics? Statistics = null)
{
    public int EndOfText => Tokenizer.EndOfText ?? throw new Data.DataException(
        "the tokenizer has no <|endoftext|>, which separates documents; train one with `cria tokenizer train`.");
}
