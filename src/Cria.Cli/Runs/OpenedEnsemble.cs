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
    readonly List<ModelScorer> _scorers = [];

    /// <param name="paths">At least one.</param>
    /// <param name="weights">Of each; empty weighs all alike.</param>
    /// <param name="mean">Of what.</param>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="CheckpointException">One cannot be read, or has another tokenizer than the first.</exception>
    public OpenedEnsemble(IReadOnlyList<string> paths, IReadOnlyList<double> weights, EnsembleMean mean, int threads)
    {
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
            foreach (var member in _members)
                _scorers.Add(new(member.Model, first.Kernels));
            if (paths.Count > 1)
                _scorers.Add(ModelScorer.OfEnsemble([.. _members.Select(member => member.Model)],
                    weights.Count == 0 ? [.. paths.Select(_ => 1.0)] : weights, mean, first.Kernels));
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

    /// <summary>One for each model, then one for all of them together, if there are several.</summary>
    public IReadOnlyList<IScorer> Scorers => _scorers;

    public void Dispose()
    {
        foreach (var scorer in _scorers)
            scorer.Dispose();
        foreach (var member in _members)
            member.Dispose();
    }
}
