using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Models;

namespace Cria.Evaluation.Scoring;

/// <summary>
/// Scores with a model. A sequence longer than the context is cut into chunks that begin without context, as validation
/// does.
/// </summary>
public sealed class ModelScorer : IScorer, IDisposable
{
    const int Rows = 2048;

    readonly IKernels _kernels;
    readonly LossPass _pass;
    readonly Arena _arena;

    /// <param name="model">The model, allocated.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="maxLength">The longest chunk; 0 means the model's context.</param>
    public ModelScorer(ILanguageModel model, IKernels kernels, int maxLength = 0)
    {
        _kernels = kernels;
        _pass = new(model, Rows, maxLength == 0 ? model.Config.MaxPositionEmbeddings : maxLength);
        _arena = new(model.Parameters.Device, _pass.Plan);
    }

    public string Name => "model";

    public void Score(IReadOnlyList<int[]> sequences, Span<double> nats)
    {
        if (sequences.Count != nats.Length)
            throw new ArgumentException($"{sequences.Count} sequences but room for {nats.Length} scores.", nameof(nats));
        nats.Clear();
        var packed = new List<(int Sequence, int Tokens)>();
        for (int i = 0; i < sequences.Count; i++)
            for (int start = 0; start < sequences[i].Length - 1; start += _pass.MaxLength)
            {
                int length = Math.Min(_pass.MaxLength, sequences[i].Length - 1 - start);
                var window = sequences[i].AsSpan(start, length + 1);
                if (!_pass.TryAdd(window))
                {
                    Collect(packed, nats);
                    _pass.TryAdd(window);
                }
                packed.Add((i, length));
            }
        Collect(packed, nats);
    }

    public void Dispose()
    {
        _arena.Dispose();
        _pass.Dispose();
    }

    void Collect(List<(int Sequence, int Tokens)> packed, Span<double> nats)
    {
        if (packed.Count == 0)
            return;
        var losses = _pass.Run(_kernels);
        int row = 0;
        foreach (var (sequence, tokens) in packed)
            for (int end = row + tokens; row < end; row++)
                nats[sequence] += losses[row];
        packed.Clear();
    }
}
