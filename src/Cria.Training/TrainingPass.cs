using Cria.Data.Sampling;
using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Models.Losses;

namespace Cria.Training;

/// <summary>
/// Forward and backward of one micro-batch: the recorded plan and the inputs it reads. A sample's segments, its documents
/// or what the reader takes for such, are attention's: no token sees another segment.
/// </summary>
sealed class TrainingPass : ISampledGradientSource
{
    readonly ISampleReader _data;
    readonly TrainingPlan _recorded;
    readonly int[] _ids, _next, _starts;
    readonly float[] _rowWeights, _totals;
    readonly int _vocabSize;
    readonly PhaseClock? _clock;
    readonly ISampleLoss? _sampleLoss;

    /// <param name="model">Allocated with gradients.</param>
    /// <param name="data">Where samples come from.</param>
    /// <param name="microBatchSize">B</param>
    /// <param name="options">How the plan is laid out.</param>
    /// <param name="seed">Of dropout.</param>
    /// <param name="loss">What is made small; the next token's cross-entropy where it is left out.</param>
    /// <param name="clock">Hears how long reading took.</param>
    public TrainingPass(ILanguageModel model, ISampleReader data, int microBatchSize, PlanOptions options, ulong seed,
        ITrainingLoss? loss = null, PhaseClock? clock = null)
    {
        (_data, _vocabSize, _clock, _sampleLoss) = (data, model.Config.VocabSize, clock, loss as ISampleLoss);
        MicroBatchSize = microBatchSize;
        int rows = microBatchSize * data.SequenceLength;
        (_ids, _next, _starts, _rowWeights) = (new int[rows], new int[rows], new int[rows], new float[rows]);
        _recorded = TrainingPlan.Record(model, microBatchSize, data.SequenceLength, options, seed, loss);
        _totals = new float[_recorded.Head.Output.Shape.Length];
    }

    public Plan Plan => _recorded.Plan;

    public IReadOnlyList<Plan> Plans => [Plan];

    public int MicroBatchSize { get; }

    public int Tokens => _ids.Length;

    public LossParts? Parts => _recorded.Head is TaughtLoss ? new(_totals[1], _totals[2]) : null;

    public double Run(IKernels kernels, long first, float weight, bool accumulate)
    {
        var before = _clock?.Enter(Phase.Data);
        int segments = _data.Read(first, MicroBatchSize, _ids, _next, _starts);
        Weigh(weight);
        TokenIds.Check(_ids, _vocabSize);
        TokenIds.Check(_next, _vocabSize);
        _recorded.Sequence.Fill(_ids, _starts.AsSpan(0, segments));
        _recorded.Sequence.Dropout?.Fill(first * _data.SequenceLength);
        _recorded.Targets.Data.Write<int>(_next);
        _recorded.Weights.Data.Write<float>(_rowWeights);
        _sampleLoss?.Fill(_recorded.Head, first, MicroBatchSize);
        if (before is { } phase)
            _clock!.Enter(phase);
        Plan.Forward(kernels);
        Plan.Backward(kernels, accumulate);
        _recorded.Head.Output.Data.Read(_totals.AsSpan());
        return _totals[0];
    }

    public void RunSampled(IKernels kernels, long first, float weight, bool accumulate, SampledLabels labels, int step)
    {
        var head = (LossHead)_recorded.Head; // recipes that draw labels train on cross-entropy
        labels.Fill(first * _data.SequenceLength, step);
        head.Labels = labels;
        try
        {
            Run(kernels, first, weight, accumulate);
        }
        finally
        {
            head.Labels = null;
        }
    }

    public void Dispose() => Plan.Dispose();

    // A row without a target has the loss of token 0, times nothing.
    void Weigh(float weight)
    {
        for (int row = 0; row < _next.Length; row++)
        {
            bool hasTarget = _next[row] != ISampleReader.NoTarget;
            _rowWeights[row] = hasTarget ? weight : 0;
            _next[row] = hasTarget ? _next[row] : 0;
        }
    }
}
