using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Losses;

/// <summary>
/// <see cref="DistillationLoss"/> of teachers who were asked beforehand, and of whose predictions few tokens were kept: no teacher runs
/// beside the student. The temperature is the one they were asked at.
/// </summary>
/// <remarks>Anshumann et al. 2025, "Sparse Logit Sampling" (arXiv 2503.16870); docs/cached-teachers.md.</remarks>
public sealed class CachedDistillationLoss : ISampleLoss
{
    readonly ITaughtSamples _taught;
    readonly DistillationConstants _constants;
    int[] _ids = [];
    float[] _shares = [], _logs = [], _rests = [];

    /// <param name="taught">What the teachers said; kept by the caller.</param>
    /// <param name="alpha">The share of the next token's cross-entropy; the rest is the teachers'.</param>
    /// <param name="reduction">Over what the divergence is a mean.</param>
    /// <exception cref="ConfigException">A number is out of its range.</exception>
    public CachedDistillationLoss(ITaughtSamples taught, float alpha, DivergenceReduction reduction)
    {
        DistillationOptions options = new(alpha, taught.Temperature, Reduction: reduction);
        DistillationLoss.Check(options);
        (_taught, _constants) = (taught, new(alpha, options.DivergenceFactor(taught.SequenceLength), taught.Temperature));
    }

    public VocabularyLoss Record(Graph g, Sequence s, ILanguageModel model, Value targets, Value weights)
    {
        if (_taught.VocabSize != model.Config.VocabSize)
            throw new ConfigException($"the teachers predicted {_taught.VocabSize:N0} tokens and their student has {model.Config.VocabSize:N0}; " +
                "they must share one tokenizer.");
        if (_taught.SequenceLength != s.MaxLength)
            throw new ConfigException($"the teachers read windows of {_taught.SequenceLength:N0} tokens and their student reads {s.MaxLength:N0}; " +
                $"use a sequence length of {_taught.SequenceLength:N0}.");
        var head = new SparseDistillationHead(model.Predict(g, s), SparseTargets.In(g, s.Rows, _taught.Most), targets, weights, _constants);
        g.Record(head);
        return head;
    }

    public void Fill(VocabularyLoss recorded, long first, int samples)
    {
        var teachers = ((SparseDistillationHead)recorded).Teachers;
        int rows = _taught.SequenceLength, kept = rows * _taught.Most;
        if (_rests.Length != teachers.Rests.Rows)
        {
            int all = teachers.Ids.Rows * teachers.Most;
            (_ids, _shares, _logs, _rests) = (new int[all], new float[all], new float[all], new float[teachers.Rests.Rows]);
        }
        for (int i = 0; i < samples; i++)
            _taught.Read(first + i, _ids.AsSpan(i * kept, kept), _shares.AsSpan(i * kept, kept), _logs.AsSpan(i * kept, kept),
                _rests.AsSpan(i * rows, rows));
        teachers.Ids.Data.Write<int>(_ids);
        teachers.Shares.Data.Write<float>(_shares);
        teachers.Logs.Data.Write<float>(_logs);
        teachers.Rests.Data.Write<float>(_rests);
    }
}
