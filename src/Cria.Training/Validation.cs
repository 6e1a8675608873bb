using Cria.Data;
using Cria.Data.Shards;
using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training;

/// <summary>
/// The loss on a fixed set: every document whole, in chunks of at most T tokens that begin without context, packed side
/// by side. A chunk's loss does not depend on its neighbours (batch invariance), so neither does the sum.
/// </summary>
public sealed class Validation : IDisposable
{
    readonly ShardSet _set;
    readonly DocumentChunk[] _chunks;
    readonly Sequence _sequence;
    readonly Value _targets, _weights;
    readonly LossHead _head;
    readonly int[] _ids, _next, _starts, _window;

    /// <param name="model">The model, allocated.</param>
    /// <param name="set">The validation shards, kept open by the caller.</param>
    /// <param name="sequenceLength">T: the longest chunk.</param>
    /// <param name="rows">Tokens of one forward pass, at least T.</param>
    public Validation(ILanguageModel model, ShardSet set, int sequenceLength, int rows)
    {
        _set = set;
        _chunks = [.. new DocumentChunks(set, sequenceLength)];
        (_ids, _next, _starts, _window) = (new int[rows], new int[rows], new int[rows], new int[sequenceLength + 1]);
        var graph = new Graph(model.Parameters.DType);
        _sequence = new(graph, rows, rows, sequenceLength);
        _targets = graph.Input("targets", DType.I32, new Shape(rows, 1), followsExtent: true);
        _weights = graph.Input("weights", graph.DType, new Shape(rows, 1), followsExtent: true);
        _head = graph.CrossEntropyHead(model.Forward(graph, _sequence), model.Head, _targets, _weights);
        Plan = Plan.Forward(graph, model.Parameters.Device, _head.Losses);
    }

    public Plan Plan { get; }

    /// <summary>The summed loss after a step.</summary>
    /// <param name="tokens">How many tokens to take from the beginning; 0 takes all.</param>
    public EvaluationMetrics Run(IKernels kernels, int step, long tokens = 0)
    {
        double nats = 0;
        long seen = 0;
        int next = 0;
        while (next < _chunks.Length && (tokens == 0 || seen < tokens))
        {
            int rows = Fill(ref next, tokens == 0 ? long.MaxValue : tokens - seen);
            Plan.Forward(kernels);
            float[] losses = _head.Losses.Data.ToArray<float>();
            for (int row = 0; row < rows; row++)
                nats += losses[row];
            seen += rows;
        }
        return new(step, nats, seen, next == _chunks.Length ? _set.Manifest.TextBytes : 0);
    }

    public void Dispose() => Plan.Dispose();

    // As many whole chunks as fit the rows and the wish.
    int Fill(ref int next, long wanted)
    {
        int rows = 0, segments = 0;
        while (next < _chunks.Length && rows + _chunks[next].Length <= _ids.Length && rows < wanted)
        {
            var chunk = _chunks[next++];
            var window = _window.AsSpan(0, chunk.Length + 1);
            _set.Read(chunk.Start, window);
            window[..^1].CopyTo(_ids.AsSpan(rows));
            window[1..].CopyTo(_next.AsSpan(rows));
            _starts[segments++] = rows;
            rows += chunk.Length;
        }
        _sequence.Fill(_ids.AsSpan(0, rows), _starts.AsSpan(0, segments));
        _targets.Data.Write<int>(_next.AsSpan(0, rows));
        return rows;
    }
}
