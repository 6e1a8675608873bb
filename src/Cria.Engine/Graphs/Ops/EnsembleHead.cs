using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// The cross-entropy of several models as one, whose logits are the weighted mean of theirs, row chunk by row chunk. Evaluation
/// only: it has no gradient.
/// </summary>
public sealed class EnsembleHead : VocabularyLoss
{
    readonly Prediction[] _members;
    readonly float[] _shares;
    readonly Value _logits;

    /// <param name="members">At least one, of one vocabulary.</param>
    /// <param name="shares">Of each in the mean.</param>
    /// <param name="targets">I32 (R, 1)</param>
    /// <param name="weights">(R, 1)</param>
    public EnsembleHead(IReadOnlyList<Prediction> members, IReadOnlyList<float> shares, Value targets, Value weights)
        : base("ensemble", members[0], targets, weights, totals: 1, members.Skip(1))
    {
        if (shares.Count != members.Count)
            throw new ArgumentException($"{members.Count} models need as many shares, not {shares.Count}");
        (_members, _shares) = ([.. members], [.. shares]);
        _logits = ScratchLogits("one model");
        foreach (var member in members)
            MultiplyAdds += member.MultiplyAdds;
    }

    public override IEnumerable<Value> BackwardReads => [];

    public override long MultiplyAdds { get; }

    public override void Forward(IKernels k)
    {
        for (int start = 0; HasChunk(start); start = Chunk(start).End)
        {
            var chunk = Chunk(start);
            var logits = View(_logits, chunk.Start, chunk.Count);
            for (int i = 0; i < _members.Length; i++)
            {
                Project(k, _members[i], chunk, logits);
                k.Scale(new(chunk.Logits, i == 0 ? SinkMode.Overwrite : SinkMode.Add), logits, _shares[i]);
            }
            k.CrossEntropy(chunk.Losses, chunk.Logits, chunk.Targets, smoothing: 0);
        }
        Sum(k);
    }

    public override void Backward(IKernels k) => throw new NotSupportedException("an ensemble is evaluated, not trained");
}
