using Cria.Data;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training;

/// <summary>
/// Forward and backward of one micro-batch: the recorded plan and the inputs it reads. Windows of T tokens are cut into
/// segments where documents begin, so that no token sees another document.
/// </summary>
public sealed class TrainingPass : IDisposable
{
    readonly BatchSource _data;
    readonly TrainingPlan _recorded;
    readonly int[] _ids, _next, _starts;
    readonly float[] _rowWeights;
    readonly int _endOfText, _vocabSize;

    /// <param name="model">Allocated with gradients.</param>
    /// <param name="data">Where samples come from.</param>
    /// <param name="microBatchSize">B</param>
    /// <param name="endOfText">The token that begins a document.</param>
    /// <param name="options">How the plan is laid out.</param>
    /// <param name="seed">Of dropout.</param>
    public TrainingPass(ILanguageModel model, BatchSource data, int microBatchSize, int endOfText, PlanOptions options, ulong seed)
    {
        (_data, _endOfText, _vocabSize) = (data, endOfText, model.Config.VocabSize);
        MicroBatchSize = microBatchSize;
        int rows = microBatchSize * data.SequenceLength;
        (_ids, _next, _starts, _rowWeights) = (new int[rows], new int[rows], new int[rows], new float[rows]);
        _recorded = TrainingPlan.Record(model, microBatchSize, data.SequenceLength, options, seed);
    }

    public Plan Plan => _recorded.Plan;

    public int MicroBatchSize { get; }

    public int Tokens => _ids.Length;

    /// <summary>Runs samples first .. first + B and leaves the gradients in the store.</summary>
    /// <param name="first">The global number of the first sample.</param>
    /// <param name="weight">Of every row: 1 / the tokens of the whole step.</param>
    /// <param name="accumulate">False for the first micro-batch of a step.</param>
    /// <returns>The weighted loss of these rows.</returns>
    public double Run(IKernels kernels, long first, float weight, bool accumulate)
    {
        _data.Read(first, MicroBatchSize, _ids, _next);
        TokenIds.Check(_ids, _vocabSize);
        TokenIds.Check(_next, _vocabSize);
        _recorded.Sequence.Fill(_ids, _starts.AsSpan(0, FindStarts()));
        _recorded.Sequence.Dropout?.Fill(first * _data.SequenceLength);
        _rowWeights.AsSpan().Fill(weight);
        _recorded.Targets.Data.Write<int>(_next);
        _recorded.Weights.Data.Write<float>(_rowWeights);
        Plan.Forward(kernels);
        Plan.Backward(kernels, accumulate);
        float loss = 0;
        _recorded.Head.Output.Data.Read(new Span<float>(ref loss));
        return loss;
    }

    public void Dispose() => Plan.Dispose();

    int FindStarts()
    {
        int count = 0;
        for (int row = 0; row < _ids.Length; row++)
            if (row % _data.SequenceLength == 0 || _ids[row] == _endOfText)
                _starts[count++] = row;
        return count;
    }
}
