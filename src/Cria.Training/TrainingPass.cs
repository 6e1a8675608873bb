using Cria.Data;
using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
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
    readonly Sequence _sequence;
    readonly Value _targets, _weights;
    readonly LossHead _head;
    readonly int[] _ids, _next, _starts;
    readonly float[] _rowWeights;
    readonly int _endOfText;

    /// <param name="model">Allocated with gradients.</param>
    /// <param name="data">Where samples come from.</param>
    /// <param name="microBatchSize">B</param>
    /// <param name="endOfText">The token that begins a document.</param>
    /// <param name="options">How the plan is laid out.</param>
    public TrainingPass(ILanguageModel model, BatchSource data, int microBatchSize, int endOfText, PlanOptions options)
    {
        (_data, _endOfText) = (data, endOfText);
        MicroBatchSize = microBatchSize;
        int rows = microBatchSize * data.SequenceLength;
        (_ids, _next, _starts, _rowWeights) = (new int[rows], new int[rows], new int[rows], new float[rows]);
        var graph = new Graph(model.Parameters.DType);
        _sequence = new(graph, rows, rows, data.SequenceLength);
        _targets = graph.Input("targets", DType.I32, new Shape(rows, 1), followsExtent: true);
        _weights = graph.Input("weights", graph.DType, new Shape(rows, 1), followsExtent: true);
        _head = graph.CrossEntropyHead(model.Forward(graph, _sequence), model.Head, _targets, _weights);
        Plan = Plan.Training(graph, _head.Output, model.Parameters.Device, options);
    }

    public Plan Plan { get; }

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
        _sequence.Fill(_ids, _starts.AsSpan(0, FindStarts()));
        _rowWeights.AsSpan().Fill(weight);
        _targets.Data.Write<int>(_next);
        _weights.Data.Write<float>(_rowWeights);
        Plan.Forward(kernels);
        Plan.Backward(kernels, accumulate);
        float loss = 0;
        _head.Output.Data.Read(new Span<float>(ref loss));
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
