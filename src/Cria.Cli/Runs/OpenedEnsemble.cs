using Cria.Data.Tokenizers;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Tensors;
using Cria.Evaluation.Scoring;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Runs;

/// <summary>Several CHECKPOINTs of one tokenizer: each by itself, and all as one.</summary>
sealed class OpenedEnsemble : IDisposable
{
    readonly List<OpenedModel> _members = [];
    readonly List<IScorer> _made = [];
    readonly double[] _weights;
    readonly EnsembleMean _mean;
    IReadOnlyList<IScorer>? _scorers;

    /// <param name="paths">At least one.</param>
    /// <param name="weights">Of each; empty weighs all alike.</param>
    /// <param name="mean">Of what.</param>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="CheckpointException">One cannot be read, or has another tokenizer than the first.</exception>
    public OpenedEnsemble(IReadOnlyList<string> paths, IReadOnlyList<double> weights, EnsembleMean mean, int threads)
    {
        _weights = weights.Count == 0 ? [.. paths.Select(_ => 1.0)] : [.. weights];
        _mean = mean;
        try
        {
            foreach (string path in paths)
                _members.Add(new(path, _members.Count == 0 ? threads : 1)); // the first one's kernels run them all
            var first = _members[0];
            string hash = TokenizerJson.TokenizerHash(first.Tokenizer);
            foreach (var member in _members)
                if (TokenizerJson.TokenizerHash(member.Tokenizer) != hash)
                    throw new CheckpointException($"{member.Path} and {first.Path} have different tokenizers, so their predictions cannot be " +
                        "averaged; name models of one tokenizer.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ITokenizer Tokenizer => _members[0].Tokenizer;

    /// <summary>What was opened: a run's folder has become its model's.</summary>
    public IReadOnlyList<string> Paths => [.. _members.Select(member => member.Path)];

    /// <summary>For texts of any length: one for each model, then one for all of them together, if there are several.</summary>
    public IReadOnlyList<IScorer> Scorers => _scorers ??=
        Make(member => new ModelScorer(member.Model, _members[0].Kernels), int.MaxValue);

    /// <summary>The same for many short texts.</summary>
    /// <param name="batch">The most texts that are scored in one pass.</param>
    public IReadOnlyList<IScorer> SentenceScorers(int batch) =>
        Make(member => new PrefixScorer(member.Model, _members[0].Kernels, batch), batch);

    public void Dispose()
    {
        foreach (var scorer in _made)
            (scorer as IDisposable)?.Dispose();
        foreach (var member in _members)
            member.Dispose();
    }

    List<IScorer> Make(Func<OpenedModel, IScorer> one, int batch)
    {
        int first = _made.Count;
        foreach (var member in _members)
            _made.Add(one(member));
        if (_members.Count > 1)
            _made.Add(ModelScorer.OfEnsemble([.. _members.Select(member => member.Model)], _weights, _mean, _members[0].Kernels, batch));
        return _made[first..];
    }
}
