using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer train</c></summary>
static class TokenizerTrainVerb
{
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();
    static readonly Option<int> VocabSize =
        Numbers.Count("--vocab-size", "N", "Special tokens, 256 bytes and merges together.", 257, without: 4096);

    static readonly Option<string> Out = DataVerb.Out("DIR", "The folder for tokenizer.json and tokenizer_config.json.");
    static readonly Option<string> Ties = new("--ties")
    {
        Description = "Which of equally frequent pairs merges first: smallest-ids (Hugging Face) or greatest-bytes.",
        DefaultValueFactory = _ => "smallest-ids",
    };

    public static Command Create()
    {
        Ties.AcceptOnlyFromAmong("smallest-ids", "greatest-bytes");
        return new Verb(
            "train",
            "Learn a byte-level BPE vocabulary from text.",
            "cria tokenizer train stories.txt --vocab-size 4096 --out tokenizer")
        {
            Inputs, VocabSize, Out, Ties, GlobalOptions.Json,
        }.Does(Run);
    }

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Out);
        string file = Path.Combine(folder, TokenizerJson.FileName);
        DataVerb.RefuseExisting(file);

        DocumentReader reader = DocumentReader.Open(parsed.GetRequiredValue(Inputs));
        BpeTrainerOptions options = new()
        {
            VocabSize = parsed.GetValue(VocabSize),
            Ties = parsed.GetValue(Ties) == "greatest-bytes" ? MergeTies.GreatestBytes : MergeTies.SmallestIds,
            Threads = parsed.ThreadCount(),
        };
        BpeTrainerProgress progress = default;
        BpeTokenizer tokenizer = ProgressBar.While(
            "learning merges",
            2, // half for counting words, half for merging
            () => (double)reader.BytesRead / Math.Max(1, reader.TotalBytes) + (double)progress.VocabSize / options.VocabSize,
            () => BpeTrainer.Train(
                reader.Select(document => document.Utf8),
                options,
                new Watcher(value => progress = value),
                cancellation));
        TokenizerJson.WriteFolder(tokenizer, folder);
        DataVerb.Complain(reader.Statistics);

        if (tokenizer.VocabSize < options.VocabSize)
            Output.Warn($"the text has no more pairs that occur twice: the vocabulary has {tokenizer.VocabSize} of {options.VocabSize}.");
        string hash = TokenizerJson.TokenizerHash(tokenizer);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Path = file, tokenizer.VocabSize, Merges = tokenizer.Model.Merges.Count, Sha256 = hash });
        else
            Output.Line($"{file}: {tokenizer.VocabSize} tokens, {tokenizer.Model.Merges.Count} merges");
        return 0;
    }

    /// <summary>Reports on the caller's thread, in order, which Progress of T does not.</summary>
    sealed class Watcher(Action<BpeTrainerProgress> see) : IProgress<BpeTrainerProgress>
    {
        public void Report(BpeTrainerProgress value) => see(value);
    }
}
