using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>
/// The loss of every token of several token sequences, packed side by side into one forward pass. What a sequence gives
/// does not depend on its neighbours (batch invariance).
/// </summary>
public sealed class LossPass : IDisposable
{
    readonly Sequence _sequence;
    readonly Value _targets;
    readonly VocabularyLoss _head;
    readonly int[] _ids, _next, _starts, _pasts;
    readonly float[] _losses;
    readonly int _vocabSize;
    int _rows, _segments;

    /// <param name="model">The model, allocated.</param>
    /// <param name="rows">Capacity in tokens, at least <paramref name="maxLength"/>.</param>
    /// <param name="maxLength">The longest sequence, targets not counted.</param>
    public LossPass(ILanguageModel model, int rows, int maxLength)
        : this([model], rows, maxLength, (predictions, targets, weights) => new LossHead(predictions[0], targets, weights))
    {
    }

    /// <summary>Of several models as one, whose logits are the weighted mean of theirs.</summary>
    /// <param name="models">Allocated, of one vocabulary.</param>
    /// <param name="shares">Of each in the mean.</param>
    /// <param name="rows">Capacity in tokens, at least <paramref name="maxLength"/>.</param>
    /// <param name="maxLength">The longest sequence, targets not counted.</param>
    public LossPass(IReadOnlyList<ILanguageModel> models, IReadOnlyList<float> shares, int rows, int maxLength)
        : this(models, rows, maxLength, (predictions, targets, weights) => new EnsembleHead(predictions, shares, targets, weights))
    {
    }

    /// <summary>Of sequences whose beginnings may lie in a cache: the i-th that is added goes on in the cache's i-th place.</summary>
    /// <param name="model">The model, allocated.</param>
    /// <param name="rows">Capacity in tokens, at least the cache's of one sequence.</param>
    /// <param name="cache">Of the model's shape; it outlives the pass.</param>
    public LossPass(ILanguageModel model, int rows, KvCache cache)
        : this([model], rows, cache.Capacity, (predictions, targets, weights) => new LossHead(predictions[0], targets, weights), cache)
    {
    }

    LossPass(IReadOnlyList<ILanguageModel> models, int rows, int maxLength, Func<Prediction[], Value, Value, VocabularyLoss> loss,
        KvCache? cache = null)
    {
        rows = Math.Max(rows, maxLength);
        int segments = cache?.Sequences ?? rows;
        var model = models[0];
        _vocabSize = model.Config.VocabSize;
        (MaxLength, _ids, _next, _losses) = (maxLength, new int[rows], new int[rows], new float[rows]);
        (_starts, _pasts) = (new int[segments], new int[segments]);
        var graph = new Graph(model.Parameters.DType);
        _sequence = new(graph, rows, segments, maxLength, cache);
        _targets = graph.Input("targets", DType.I32, new Shape(rows, 1), followsExtent: true);
        var weights = graph.Input("weights", graph.DType, new Shape(rows, 1), followsExtent: true);
        _head = loss([.. models.Select(each => each.Predict(graph, _sequence))], _targets, weights);
        graph.Record(_head);
        Plan = Plan.Forward(graph, model.Parameters.Device, _head.Losses);
    }

    public Plan Plan { get; }

    public int MaxLength { get; }

    /// <summary>Packs inputs <c>window[..^1]</c> with targets <c>window[1..]</c>; false if they do not fit any more.</summary>
    /// <param name="window">At least two tokens.</param>
    /// <param name="past">With a cache: the tokens before them, which lie in the sequence's place from an earlier run.</param>
    public bool TryAdd(ReadOnlySpan<int> window, int past = 0)
    {
        int length = window.Length - 1;
        if (past + length > MaxLength)
            throw new ConfigException($"a sequence of {past + length} tokens exceeds the context of {MaxLength}.");
        if (past != 0 && _sequence.Cache is null)
            throw new ArgumentException($"{past} earlier tokens need a cache", nameof(past));
        if (_rows + length > _ids.Length || _segments == _starts.Length)
            return false;
        TokenIds.Check(window, _vocabSize);
        window[..^1].CopyTo(_ids.AsSpan(_rows));
        window[1..].CopyTo(_next.AsSpan(_rows));
        _pasts[_segments] = past;
        _starts[_segments++] = _rows;
        _rows += length;
        return true;
    }

    /// <summary>Runs what was added and forgets it: the losses in nats, in the order in which the tokens were added.</summary>
    public ReadOnlySpan<float> Run(IKernels kernels)
    {
        int rows = _rows;
        _sequence.Fill(_ids.AsSpan(0, rows), _starts.AsSpan(0, _segments), _sequence.Cache is null ? default : _pasts.AsSpan(0, _segments));
        _targets.Data.Write<int>(_next.AsSpan(0, rows));
        (_rows, _segments) = (0, 0);
        Plan.Forward(kernels);
        var losses = _losses.AsSpan(0, rows);
        _head.Losses.Data.Read(losses);
        return losses;
    }

    public void Dispose() => Plan.Dispose();
}
