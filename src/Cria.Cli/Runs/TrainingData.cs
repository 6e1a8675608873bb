using Cria.Data;
using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;
using Cria.Reports;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>The training tokens of a run, one stream or the sources of a mixture, and the reader that draws samples from them.</summary>
sealed class TrainingData : IDisposable
{
    /// <summary>How much of a stream that does not count its documents tells how long they are.</summary>
    const long Glance = 1 << 22;

    readonly List<ITokenStream> _streams = [];

    /// <param name="recipe">Says which reader, and the weights of a mixture.</param>
    /// <param name="paths">Shard folders or token files, in the order of the mixture's sources.</param>
    /// <param name="tokenizer">Of all of them.</param>
    public TrainingData(Recipe recipe, IReadOnlyList<string> paths, ITokenizer tokenizer)
    {
        try
        {
            foreach (string path in paths)
                _streams.Add(TokenStreams.Open(path, tokenizer));
            ISampleReader[] readers =
                [.. _streams.Select(stream => SampleReaders.Open(recipe.Data.Reader, stream, recipe.Data.SequenceLength, recipe.Seed))];
            Reader = recipe.Data.Mixture is { Length: > 0 } mixture
                ? new MixtureReader(readers, [.. mixture.Select(source => source.Weight)], recipe.Seed)
                : readers[0];
            TokensPerDocument = Documents is { } documents ? Tokens / documents : AtFirstGlance(_streams[0]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ISampleReader Reader { get; }

    /// <summary>Null where a stream does not count them.</summary>
    public long? Documents => _streams.TrueForAll(stream => stream.Documents is not null)
        ? _streams.Sum(stream => stream.Documents)
        : null;

    public long Tokens => _streams.Sum(stream => stream.Tokens);

    /// <summary>Null where a stream does not say.</summary>
    public long? TextBytes => _streams.TrueForAll(stream => stream is ShardSet)
        ? _streams.Cast<ShardSet>().Sum(set => set.Manifest.TextBytes)
        : null;

    /// <summary>The mean length of documents; where nothing counts them, of those at the beginning.</summary>
    public long TokensPerDocument { get; }

    /// <summary>What the reader found where it had to plan, in a line; null where it had not.</summary>
    public string? Plan => Reader.Utilization < 1 || Reader is PackedReader
        ? $"documents packed into sequences of {Reader.SequenceLength:N0} tokens, {Reader.SamplesPerEpoch:N0} an epoch and " +
            $"{Human.Percent(Reader.Utilization)} full"
        : null;

    /// <summary>All documents as end-of-text, tokens, end-of-text, one stream after another.</summary>
    public IEnumerable<int[]> Stream() => _streams.SelectMany(TokenDocuments.Stream);

    public void Dispose()
    {
        foreach (var stream in _streams)
            (stream as IDisposable)?.Dispose();
    }

    static long AtFirstGlance(ITokenStream stream)
    {
        int[] ids = new int[Math.Min(Glance, stream.Tokens)];
        stream.Read(0, ids);
        return ids.Length / Math.Max(1, ids.Count(id => id == stream.EndOfText));
    }
}
