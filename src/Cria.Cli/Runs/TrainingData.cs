using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Reports;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>The training shards of a run, one set or the sources of a mixture, and the reader that draws samples from them.</summary>
sealed class TrainingData : IDisposable
{
    readonly List<ShardSet> _sets = [];

    /// <param name="recipe">Says which reader, and the weights of a mixture.</param>
    /// <param name="folders">The shard sets, in the order of the mixture's sources.</param>
    public TrainingData(Recipe recipe, IReadOnlyList<string> folders)
    {
        try
        {
            foreach (string folder in folders)
                _sets.Add(ShardSet.Open(folder));
            ISampleReader[] readers =
                [.. _sets.Select(set => SampleReaders.Open(recipe.Data.Reader, set, recipe.Data.SequenceLength, recipe.Seed))];
            Reader = recipe.Data.Mixture is { Length: > 0 } mixture
                ? new MixtureReader(readers, [.. mixture.Select(source => source.Weight)], recipe.Seed)
                : readers[0];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ISampleReader Reader { get; }

    public long Documents => _sets.Sum(set => set.Documents);

    public long Tokens => _sets.Sum(set => set.Tokens);

    public long TextBytes => _sets.Sum(set => set.Manifest.TextBytes);

    /// <summary>What the reader found where it had to plan, in a line; null where it had not.</summary>
    public string? Plan => Reader.Utilization < 1 || Reader is PackedReader
        ? $"documents packed into sequences of {Reader.SequenceLength:N0} tokens, {Reader.SamplesPerEpoch:N0} an epoch and " +
            $"{Human.Percent(Reader.Utilization)} full"
        : null;

    /// <summary>All documents as end-of-text, tokens, end-of-text, one set after another.</summary>
    public IEnumerable<int[]> Stream() => _sets.SelectMany(TokenDocuments.Stream);

    public void Dispose()
    {
        foreach (var set in _sets)
            set.Dispose();
    }
}
