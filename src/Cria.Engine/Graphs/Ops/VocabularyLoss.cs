using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// A loss of every row over the whole vocabulary. Its ops project row chunk by row chunk, so that no matrix of all logits ever
/// exists. The output is Σ weights[r] · loss[r]; the row weights carry every scale, the step's token count included, so the
/// upstream gradient is 1 by definition. Behind that number may stand others, which nothing learns from.
/// </summary>
public abstract class VocabularyLoss : Op
{
    /// <summary>A chunk of logits stays near the cores' caches, unless that leaves too few rows.</summary>
    const int ChunkBytes = 32 << 20;

    // Every chunk reads and writes the head's whole gradient: fewer rows make that dearer than the products. More rows than
    // the most bring nothing, and cost memory.
    const int LeastRows = 256, MostRows = 512;

    readonly Value _targets, _weights, _logits;
    readonly int _rows, _chunk, _vocabulary, _totals;

    /// <param name="totals">Numbers of the output, the loss and those behind it.</param>
    private protected VocabularyLoss(
        string name, Prediction prediction, Value targets, Value weights, int totals, params IEnumerable<Prediction> others)
        : this(name, prediction, targets, weights, totals, [.. others.SelectMany(other => other.Values)])
    {
        Value hidden = prediction.Hidden;
        foreach (var other in others)
        {
            other.Check();
            if (other.Vocabulary != prediction.Vocabulary || other.Hidden.Rows != hidden.Rows)
                throw new ArgumentException($"{other.Head.Name} gives {other.Hidden.Rows} rows of {other.Vocabulary} logits, and {prediction.Head.Name} " +
                    $"{hidden.Rows} of {prediction.Vocabulary}; predictions are of the same tokens in one vocabulary");
        }
    }

    /// <param name="totals">Numbers of the output, the loss and those behind it.</param>
    /// <param name="more">What the loss reads besides the prediction, targets and weights.</param>
    private protected VocabularyLoss(string name, Prediction prediction, Value targets, Value weights, int totals, Value[] more)
        : base(name, [.. prediction.Values, targets, weights, .. more])
    {
        prediction.Check();
        Value hidden = prediction.Hidden;
        if (targets.Rows != hidden.Rows || weights.Rows != hidden.Rows)
            throw new ArgumentException($"{hidden.Rows} rows need as many targets and weights, not {targets.Rows} and {weights.Rows}");
        (_targets, _weights, _rows, _vocabulary, _totals) = (targets, weights, hidden.Rows, prediction.Vocabulary, totals);
        Output = new("loss", hidden.DType, new Shape(totals));
        Losses = Saved("losses", hidden, 1);
        int rows = ChunkBytes / (_vocabulary * hidden.DType.SizeInBytes()) / 16 * 16;
        _chunk = Math.Min(hidden.Rows, Math.Clamp(rows, LeastRows, MostRows));
        _logits = ScratchLogits("logits");
    }

    /// <summary>(R, 1): the loss of each row in nats, unweighted.</summary>
    public Value Losses { get; }

    public override bool BackwardIncludesForward => true;

    /// <summary>The most rows of a chunk.</summary>
    private protected int ChunkRows => _chunk;

    /// <summary>The rows that begin at <paramref name="start"/>; those after them begin at <see cref="LogitsChunk.End"/>.</summary>
    private protected LogitsChunk Chunk(int start)
    {
        int count = Math.Min(_chunk, _rows - start);
        return new(start, count, View(_logits, start, count), Losses.Data.RowRange(start, count), _targets.Data.RowRange(start, count),
            _weights.Data.RowRange(start, count));
    }

    private protected bool HasChunk(int start) => start < _rows;

    /// <summary>Scratch for another chunk of logits.</summary>
    private protected Value ScratchLogits(string name) => Scratch(name, Output.DType, new(_chunk, _vocabulary));

    /// <summary>A chunk's rows in such scratch.</summary>
    private protected Tensor View(Value scratch, int start, int count)
    {
        var all = scratch.Data;
        return new(all.Device, all.Address, all.DType, new(count, _vocabulary), Losses.Data.Extent, start);
    }

    /// <summary>Writes or adds a prediction's logits of a chunk.</summary>
    private protected static void Project(IKernels k, Prediction prediction, LogitsChunk chunk, Sink logits) =>
        k.MatMul(logits, prediction.Hidden.Data.RowRange(chunk.Start, chunk.Count), prediction.Head.Data,
            new(prediction.Bias?.Data ?? default));

    /// <summary>Sends the gradient that stands in the place of a chunk's logits to what made them.</summary>
    private protected void SendGradients(IKernels k, Prediction prediction, LogitsChunk chunk)
    {
        Sink dHidden = Gradient(prediction.Hidden), dHead = Gradient(prediction.Head);
        Sink dBias = prediction.Bias is null ? Sink.Nowhere : Gradient(prediction.Bias);
        if (dHidden.IsWanted)
            k.MatMulInput(new(dHidden.Tensor.RowRange(chunk.Start, chunk.Count), dHidden.Mode), chunk.Logits, prediction.Head.Data);
        if (dHead.IsWanted)
            k.MatMulWeight(Later(dHead), chunk.Logits, prediction.Hidden.Data.RowRange(chunk.Start, chunk.Count));
        if (dBias.IsWanted)
            k.ColumnSums(Later(dBias), chunk.Logits);

        Sink Later(Sink sink) => chunk.Start == 0 ? sink : new(sink.Tensor, SinkMode.Add);
    }

    /// <summary>The output from the losses of all rows.</summary>
    private protected virtual void Sum(IKernels k) => Total(k, 0, Losses);

    /// <summary>One number of the output: Σ weights[r] · values[r].</summary>
    private protected void Total(IKernels k, int place, Value values) =>
        k.WeightedSum(Output.Data.Reshape(new(_totals, 1)).RowRange(place, 1), values.Data, _weights.Data);
}

/// <summary>Some rows of a <see cref="VocabularyLoss"/>, and what belongs to them.</summary>
readonly record struct LogitsChunk(int Start, int Count, Tensor Logits, Tensor Losses, Tensor Targets, Tensor Weights)
{
    public int End => Start + Count;
}
