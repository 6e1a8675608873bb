using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models.Losses;

namespace Cria.Models;

/// <summary>
/// The loss of every token of several token sequences, packed side by side into one forward pass: the cross-entropy, and where
/// teachers are listened to also what they make of it. What a sequence gives does not depend on its neighbours (batch invariance).
/// </summary>
public sealed class LossPass : IDisposable
{
    readonly Sequence _sequence;
    readonly Value _targets;
    readonly VocabularyLoss _head;
    readonly TaughtLoss? _taught;
    readonly int[] _ids, _next, _starts, _pasts;
    readonly float[] _losses, _taughtLosses, _divergences;
    readonly int _vocabSize;
    int _rows, _segments, _ran;

    /// <param name="model">The model, allocated.</param>
    /// <param name="rows">Capacity in tokens, at least <paramref name="maxLength"/>.</param>
    /// <param name="maxLength">The longest sequence, targets not counted.</param>
    public LossPass(ILanguageModel model, int rows, int maxLength)
        : this(model, rows, maxLength, new NextTokenLoss())
    {
    }

    /// <summary>Of a model under a loss of its training; the cross-entropies are those of the next token either way.</summary>
    /// <param name="model">The model, allocated.</param>
    /// <param name="rows">Capacity in tokens, at least <paramref name="maxLength"/>.</param>
    /// <param name="maxLength">The longest sequence, targets not counted.</param>
    /// <param name="loss">What is measured.</param>
    public LossPass(ILanguageModel model, int rows, int maxLength, ITrainingLoss loss)
        : this(model, rows, maxLength, (graph, sequence, targets, weights) => loss.Record(graph, sequence, model, targets, weights))
    {
    }

    /// <summary>Of several models as one, whose logits are the weighted mean of theirs.</summary>
    /// <param name="models">Allocated, of one vocabulary.</param>
    /// <param name="shares">Of each in the mean.</param>
    /// <param name="rows">Capacity in tokens, at least <paramref name="maxLength"/>.</param>
    /// <param name="maxLength">The longest sequence, targets not counted.</param>
    public LossPass(IReadOnlyList<ILanguageModel> models, IReadOnlyList<float> shares, int rows, int maxLength)
        : this(models[0], rows, maxLength, (graph, sequence, targets, weights) =>
        {
            Prediction[] predictions = [.. models.Select(model => model.Predict(graph, sequence))];
            var head = new EnsembleHead(predictions, shares, targets, weights);
            graph.Record(head);
            return head;
        })
    {
    }

    /// <summary>Of sequences whose beginnings may lie in a cache: the i-th that is added goes on in the cache's i-th place.</summary>
    /// <param name="model">The model, allocated.</param>
    /// <param name="rows">Capacity in tokens, at least the cache's of one sequence.</param>
    /// <param name="cache">Of the model's shape; it outlives the pass.</param>
    public LossPass(ILanguageModel model, int rows, KvCache cache)
        : this(model, rows, cache.Capacity,
            (graph, sequence, targets, weights) => new NextTokenLoss().Record(graph, sequence, model, targets, weights), cache)
    {
    }

    LossPass(ILanguageModel model, int rows, int maxLength, Func<Graph, Sequence, Value, Value, VocabularyLoss> record,
        KvCache? cache = null)
    {
        rows = Math.Max(rows, maxLength);
        int segments = cache?.Sequences ?? rows;
        _vocabSize = model.Config.VocabSize;
        (MaxLength, _ids, _next, _losses) = (maxLength, new int[rows], new int[rows], new float[rows]);
        (_starts, _pasts) = (new int[segments], new int[segments]);
        var graph = new Graph(model.Parameters.DType);
        _sequence = new(graph, rows, segments, maxLength, cache);
        _targets = graph.Input("targets", DType.I32, new Shape(rows, 1), followsExtent: true);
        var weights = graph.Input("weights", graph.DType, new Shape(rows, 1), followsExtent: true);
        _head = record(graph, _sequence, _targets, weights);
        _taught = _head as TaughtLoss;
        int taughtRows = _taught is null ? 0 : rows;
        (_taughtLosses, _divergences) = (new float[taughtRows], new float[taughtRows]);
        Value[] parts = _taught is null ? [] : [_taught.CrossEntropies, _taught.Divergences];
        Plan = Plan.Forward(graph, model.Parameters.Device, [_head.Losses, .. parts]);
    }

    public Plan Plan { get; }

    public int MaxLength { get; }

    /// <summary>Whether teachers are listened to.</summary>
    public bool HasTeachers => _taught is not null;

    /// <summary>The whole loss of every token of the last <see cref="Run"/>, the teachers' part included; empty without teachers.</summary>
    public ReadOnlySpan<float> TaughtLosses => _taughtLosses.AsSpan(0, HasTeachers ? _ran : 0);

    /// <summary>How far the model was from its teachers at every token of the last <see cref="Run"/>, in nats at the loss's temperature;
    /// empty without teachers.</summary>
    public ReadOnlySpan<float> Divergences => _divergences.AsSpan(0, HasTeachers ? _ran : 0);

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

    /// <summary>Runs what was added and forgets it: the cross-entropies in nats, in the order in which the tokens were added.</summary>
    public ReadOnlySpan<float> Run(IKernels kernels)
    {
        int rows = _rows;
        _sequence.Fill(_ids.AsSpan(0, rows), _starts.AsSpan(0, _segments), _sequence.Cache is null ? default : _pasts.AsSpan(0, _segments));
        _targets.Data.Write<int>(_next.AsSpan(0, rows));
        (_rows, _segments, _ran) = (0, 0, rows);
        Plan.Forward(kernels);
        var losses = _losses.AsSpan(0, rows);
        (_taught?.CrossEntropies ?? _head.Losses).Data.Read(losses);
        if (_taught is null)
            return losses;
        _taught.Losses.Data.Read(_taughtLosses.AsSpan(0, rows));
        _taught.Divergences.Data.Read(_divergences.AsSpan(0, rows));
        return losses;
    }

    public void Dispose() => Plan.Dispose();
}
