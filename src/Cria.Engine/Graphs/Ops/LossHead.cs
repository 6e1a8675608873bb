using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// Final projection, softmax and cross-entropy with the next token, row chunk by row chunk. With label smoothing ε the target
/// is 1 − ε of the token and ε of all tokens alike (Szegedy et al. 2016).
/// </summary>
/// <remarks>Wijmans et al. 2024, "Cut your losses"; Hsu et al. 2024, "Liger Kernel": the gradient replaces the logits.</remarks>
public sealed class LossHead : VocabularyLoss
{
    readonly Prediction _prediction;
    readonly float _smoothing;

    public LossHead(Prediction prediction, Value targets, Value weights, float smoothing = 0)
        : base($"loss {prediction.Head.Name}", prediction, targets, weights, totals: 1)
    {
        if (!(smoothing >= 0 && smoothing < 1))
            throw new ArgumentException($"label smoothing {smoothing} is not a share below 1");
        (_prediction, _smoothing) = (prediction, smoothing);
        BackwardReads = [prediction.Hidden, prediction.Head, targets, weights];
    }

    /// <summary>
    /// Labels to draw in the place of the targets, which they overwrite, and of smoothing: the backward pass then gives the gradient
    /// of a loss that the model expects of itself. Set between passes; null for the targets.
    /// </summary>
    public SampledLabels? Labels { get; set; }

    public override IEnumerable<Value> BackwardReads { get; }

    public override long MultiplyAdds => _prediction.MultiplyAdds;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward && _prediction.Bias is not null)
            demand.ColumnSum(ChunkRows, _prediction.Vocabulary);
    }

    public override void Forward(IKernels k)
    {
        for (int start = 0; HasChunk(start); start = Chunk(start).End)
        {
            var chunk = Chunk(start);
            Project(k, _prediction, chunk, chunk.Logits);
            k.CrossEntropy(chunk.Losses, chunk.Logits, chunk.Targets, _smoothing);
        }
        Sum(k);
    }

    public override void Backward(IKernels k)
    {
        for (int start = 0; HasChunk(start); start = Chunk(start).End)
        {
            var chunk = Chunk(start);
            Project(k, _prediction, chunk, chunk.Logits);
            if (Labels is { } labels)
                k.SampleLabels(chunk.Targets, chunk.Logits, labels);
            k.CrossEntropyGradient(chunk.Losses, chunk.Logits, chunk.Targets, chunk.Weights, Labels is null ? _smoothing : 0);
            SendGradients(k, _prediction, chunk);
        }
        Sum(k);
    }
}
