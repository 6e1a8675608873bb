using Cria.Cli.Runs;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Stories;
using Cria.Data.Tokenizers;
using Cria.Interop;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>How much text a recipe has, and how much of it a token holds, from a sample of it.</summary>
static class CorpusSurvey
{
    const int SampleBytes = 8 << 20, MeasuredBytes = 64 << 20, CountedBytes = 2 << 20;

    /// <param name="recipe">Names text, stories or tokens; where it has a tokenizer, no other vocabulary is looked at.</param>
    public static CorpusSize Of(Recipe recipe, int threads, CancellationToken cancellation)
    {
        string[] named = recipe.Data.Mixture.Length > 0 ? [.. recipe.Data.Mixture.Select(source => source.Train)] : recipe.Data.Train;
        if (named.Any(TokenStreams.Has))
            return OfTokens(named, recipe.Tokenizer.Path is { } path ? TokenizerFile.Open(path).ToTrainWith() : null);
        var (sample, bytes) = Sample(recipe, cancellation);
        double train = bytes * (recipe.Data.Synth is null && recipe.Data.Validation.Length == 0 ? 1 - recipe.Data.ValidationFraction : 1);
        return new(train, recipe.Tokenizer.Path is { } given
            ? Counted([TokenizerFile.Open(given).ToTrainWith()], sample)
            : Counted(Learned(sample, train, threads, cancellation), sample));
    }

    /// <summary>A corpus in tokens, whose text is counted where they say it.</summary>
    public static CorpusSize OfTokens(IReadOnlyList<string> paths, ITokenizer? tokenizer)
    {
        double bytes = 0, tokens = 0;
        int vocabulary = 0;
        foreach (string path in paths)
        {
            if (TokenStreams.Open(path, tokenizer) is not ShardSet set)
                throw new Data.DataException($"{path} does not say how much text its tokens hold; make shards of it with `cria data convert`.");
            using (set)
            {
                bytes += set.Manifest.TextBytes;
                tokens += set.Tokens;
                vocabulary = set.Manifest.VocabSize;
            }
        }
        return new(bytes, new Dictionary<int, double> { [vocabulary] = bytes / tokens });
    }

    static (List<Document> Sample, double Bytes) Sample(Recipe recipe, CancellationToken cancellation)
    {
        var reader = recipe.Data.Synth is null
            ? DocumentReader.Open(recipe.Data.Train, new() { TextField = recipe.Data.TextColumn, Separator = recipe.Data.Separator })
            : null;
        var documents = reader ?? Stories(recipe.Data.Synth!);
        List<Document> sample = [];
        double read = 0, share = 1;
        long counted = 0;
        foreach (var document in documents)
        {
            cancellation.ThrowIfCancellationRequested();
            if (read < SampleBytes)
                sample.Add(document);
            read += document.Utf8.Length;
            counted++;
            if (read < MeasuredBytes)
                continue;
            // Packed files are read ahead, so the share is taken late; plain text is as long as its files.
            share = reader is null ? (double)counted / recipe.Data.Synth!.Stories : (double)reader.BytesRead / reader.TotalBytes;
            break;
        }
        if (read == 0)
            throw new Data.DataException("there is no text to learn from; name files that hold some.");
        return (sample, share < 1 && reader is { IsPlainText: true } ? reader.TotalBytes : read / Math.Clamp(share, 1e-9, 1));
    }

    static IEnumerable<Document> Stories(SynthRecipe synth)
    {
        var generator = new StoryGenerator(synth.Seed);
        for (long i = 0; i < synth.Stories; i++)
            yield return new(generator.At(i).Text, "story", i);
    }

    static List<ITokenizer> Learned(List<Document> sample, double bytes, int threads, CancellationToken cancellation)
    {
        var vocabularies = CandidateShapes.Vocabularies(bytes);
        var options = new BpeTrainerOptions { VocabSize = vocabularies[^1], Threads = threads };
        var training = BpeTrainer.Learn(sample.Select(document => document.Utf8), options, null, cancellation);
        return [.. vocabularies.Where(size => size <= training.Tokens.Count || size == vocabularies[0])
            .Select(size => training.Smaller(Math.Min(size, training.Tokens.Count)).Tokenizer())];
    }

    static SortedDictionary<int, double> Counted(IEnumerable<ITokenizer> tokenizers, List<Document> sample)
    {
        var counted = new SortedDictionary<int, double>();
        foreach (var tokenizer in tokenizers)
        {
            double bytes = 0, tokens = 0;
            int[] ids = [];
            foreach (var document in sample.TakeWhile(_ => bytes < CountedBytes))
            {
                var text = document.Utf8.Span[..Math.Min(document.Utf8.Length, CountedBytes)];
                if (ids.Length < tokenizer.MaxTokens(text.Length))
                    ids = new int[tokenizer.MaxTokens(text.Length)];
                tokens += tokenizer.Encode(text, ids) + 1; // and the end of text
                bytes += text.Length;
            }
            counted[tokenizer.VocabSize] = bytes / tokens;
        }
        return counted;
    }
}
