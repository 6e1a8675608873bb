using Cria.Data;
using Cria.Data.Sampling;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Models;
using Cria.Models.Losses;
using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>
/// The loss on a fixed set: every document whole, in chunks of at most T tokens that begin without context. A student is also
/// compared with its teachers, who read the same chunks.
/// </summary>
public sealed class Validation : IDisposable
{
    const int MaxRows = 4096;

    readonly ITokenStream _stream;
    readonly long _textBytes;
    readonly DocumentChunk[] _chunks;
    readonly LossPass _pass;
    readonly int[] _window;

    /// <param name="model">The model, allocated.</param>
    /// <param name="stream">The validation tokens, kept open by the caller.</param>
    /// <param name="textBytes">UTF-8 bytes of their text, for bits per byte; 0 where nobody knows.</param>
    /// <param name="sequenceLength">T: the longest chunk.</param>
    /// <param name="rows">Tokens of one forward pass.</param>
    /// <param name="taught">A loss whose teachers are listened to; null measures the cross-entropy alone.</param>
    public Validation(ILanguageModel model, ITokenStream stream, long textBytes, int sequenceLength, int rows, ITrainingLoss? taught = null)
    {
        (_stream, _textBytes) = (stream, textBytes);
        _chunks = [.. new DocumentChunks(stream, sequenceLength)];
        Tokens = _chunks.Sum(chunk => (long)chunk.Length);
        _window = new int[sequenceLength + 1];
        _pass = new(model, rows, sequenceLength, taught ?? new NextTokenLoss());
    }

    /// <summary>Tokens of one forward pass for a recipe: no more than training has at once, unless a window is longer.</summary>
    public static int RowsFor(Recipe recipe)
    {
        int length = recipe.Data.SequenceLength;
        return Math.Max(length, Math.Min(MaxRows, recipe.Batch.MicroBatchSize * length));
    }

    /// <summary>The forward pass of a recipe's evaluations, for its plan.</summary>
    public static LossPass PassFor(Recipe recipe, ILanguageModel model, IReadOnlyList<ILanguageModel> teachers) =>
        new(model, RowsFor(recipe), recipe.Data.SequenceLength, recipe.Loss.OnHeldOut(teachers) ?? new NextTokenLoss());

    public Plan Plan => _pass.Plan;

    /// <summary>All that an evaluation without a limit takes.</summary>
    public long Tokens { get; }

    /// <summary>The summed loss after a step.</summary>
    /// <param name="tokens">About how many tokens to take from the beginning; 0 takes all.</param>
    /// <param name="step">Which step the metrics will name.</param>
    /// <param name="kernels">The backend.</param>
    /// <returns>Null when cancelled.</returns>
    public EvaluationMetrics? Run(IKernels kernels, int step, long tokens = 0, CancellationToken cancellation = default)
    {
        double nats = 0, taught = 0, divergence = 0;
        long seen = 0;
        int next = 0;
        while (next < _chunks.Length && (tokens == 0 || seen < tokens))
        {
            if (cancellation.IsCancellationRequested)
                return null;
            while (next < _chunks.Length && _pass.TryAdd(Window(_chunks[next])))
                next++;
            foreach (float loss in _pass.Run(kernels))
            {
                nats += loss;
                seen++;
            }
            foreach (float loss in _pass.TaughtLosses)
                taught += loss;
            foreach (float far in _pass.Divergences)
                divergence += far;
        }
        return new(step, nats, seen, next == _chunks.Length ? _textBytes : 0)
        {
            DistillationLoss = _pass.HasTeachers ? taught / seen : null,
            Divergence = _pass.HasTeachers ? divergence / seen : null,
        };
    }

    public void Dispose() => _pass.Dispose();

    ReadOnlySpan<int> Window(DocumentChunk chunk)
    {
        var window = _window.AsSpan(0, chunk.Length + 1);
        _stream.Read(chunk.Start, window);
        return window;
    }
}
