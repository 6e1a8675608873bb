using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Models;

namespace Cria.Evaluation.Scoring;

/// <summary>
/// Scores with a model, or with several as one. A sequence longer than the context is cut into chunks that begin without context,
/// as validation does.
/// </summary>
public sealed class ModelScorer : IScorer, IDisposable
{
    const int Rows = 2048;

    readonly IKernels _kernels;
    readonly LossPass[] _passes;
    readonly double[] _shares;
    readonly int _batch;
    readonly Arena _arena;

    /// <param name="model">The model, allocated.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="maxLength">The longest chunk; 0 means the model's context.</param>
    public ModelScorer(ILanguageModel model, IKernels kernels, int maxLength = 0)
        : this("model", [new LossPass(model, Rows, maxLength == 0 ? model.Config.MaxPositionEmbeddings : maxLength)], [1], kernels)
    {
    }

    ModelScorer(string name, LossPass[] passes, double[] shares, IKernels kernels, int batch = int.MaxValue)
    {
        (Name, _passes, _shares, _kernels, _batch) = (name, passes, shares, kernels, batch);
        _arena = new(passes[0].Plan.Device, [.. passes.Select(pass => pass.Plan)]);
    }

    /// <summary>Several models as one, in chunks of the shortest context among them.</summary>
    /// <param name="models">Allocated, of one tokenizer.</param>
    /// <param name="weights">Of each in the mean; only their proportions count.</param>
    /// <param name="mean">Of their logits or of their probabilities.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="batch">The most sequences, or chunks of them, in one pass; their tokens limit them too.</param>
    /// <exception cref="ConfigException">There is no model, a weight is none, or the vocabularies differ.</exception>
    public static ModelScorer OfEnsemble(
        IReadOnlyList<ILanguageModel> models, IReadOnlyList<double> weights, EnsembleMean mean, IKernels kernels, int batch = int.MaxValue)
    {
        if (models.Count == 0 || weights.Count != models.Count)
            throw new ConfigException($"an ensemble of {models.Count} models cannot have {weights.Count} weights; give one to each.");
        if (weights.Any(weight => !(weight > 0 && double.IsFinite(weight))))
            throw new ConfigException("a weight of an ensemble is not above 0; leave the model out.");
        foreach (var model in models)
            if (model.Config.VocabSize != models[0].Config.VocabSize)
                throw new ConfigException($"models of {models[0].Config.VocabSize:N0} and of {model.Config.VocabSize:N0} tokens cannot be " +
                    "averaged; they must share one tokenizer.");
        int length = models.Min(model => model.Config.MaxPositionEmbeddings);
        double sum = weights.Sum();
        double[] shares = [.. weights.Select(weight => weight / sum)];
        return mean == EnsembleMean.Logits
            ? new("mean of logits", [new(models, [.. shares.Select(share => (float)share)], Rows, length)], [1], kernels, batch)
            : new("mean of probabilities", [.. models.Select(model => new LossPass(model, Rows, length))], shares, kernels, batch);
    }

    public string Name { get; }

    public void Score(IReadOnlyList<int[]> sequences, Span<double> nats)
    {
        if (sequences.Count != nats.Length)
            throw new ArgumentException($"{sequences.Count} sequences but room for {nats.Length} scores.", nameof(nats));
        nats.Clear();
        var packed = new List<(int Sequence, int Tokens)>();
        for (int i = 0; i < sequences.Count; i++)
            for (int start = 0; start < sequences[i].Length - 1; start += _passes[0].MaxLength)
            {
                int length = Math.Min(_passes[0].MaxLength, sequences[i].Length - 1 - start);
                var window = sequences[i].AsSpan(start, length + 1);
                if (packed.Count == _batch || !TryAdd(window))
                {
                    Collect(packed, nats);
                    TryAdd(window);
                }
                packed.Add((i, length));
            }
        Collect(packed, nats);
    }

    public void Dispose()
    {
        _arena.Dispose();
        foreach (var pass in _passes)
            pass.Dispose();
    }

    // All have room for as much.
    bool TryAdd(ReadOnlySpan<int> window)
    {
        bool fits = true;
        foreach (var pass in _passes)
            fits &= pass.TryAdd(window);
        return fits;
    }

    void Collect(List<(int Sequence, int Tokens)> packed, Span<double> nats)
    {
        if (packed.Count == 0)
            return;
        double[] losses = Losses(packed.Sum(part => part.Tokens));
        int row = 0;
        foreach (var (sequence, tokens) in packed)
            for (int end = row + tokens; row < end; row++)
                nats[sequence] += losses[row];
        packed.Clear();
    }

    // One model's as they are; of several, −ln Σ share · p.
    double[] Losses(int rows)
    {
        double[] losses = new double[rows];
        if (_passes.Length == 1)
        {
            var only = _passes[0].Run(_kernels);
            for (int row = 0; row < rows; row++)
                losses[row] = only[row];
            return losses;
        }
        for (int i = 0; i < _passes.Length; i++)
        {
            var each = _passes[i].Run(_kernels);
            for (int row = 0; row < rows; row++)
                losses[row] += _shares[i] * Math.Exp(-each[row]);
        }
        for (int row = 0; row < rows; row++)
            losses[row] = -Math.Log(losses[row]);
        return losses;
    }
}
