using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Models;

namespace Cria.Evaluation.Scoring;

/// <summary>
/// Scores many short sequences with one model. They are dealt to the places of a batch in runs; what a sequence has in common with the
/// one before it in its place lies in the cache of keys and values, and is computed no more. So neighbours in the list should begin
/// alike: sentences sorted by their tokens share half of what they say.
/// </summary>
/// <remarks>
/// Nothing is padded, and a token's loss has the same bits whatever lies beside it and however its past was read, so a score depends
/// neither on the batch nor on the threads nor on the order. Logits exist for a chunk of tokens at a time, and of them only the
/// target's loss is kept (<see cref="LossPass"/>).
/// </remarks>
public sealed class PrefixScorer : IScorer, IDisposable
{
    public const int DefaultBatch = 64;

    /// <summary>The cache holds at most so many tokens, unless one sequence alone has more.</summary>
    const int MostRows = 4096;

    /// <summary>The cache grows by whole multiples of so many tokens a place.</summary>
    const int CapacityUnit = 16;

    readonly ILanguageModel _model;
    readonly IKernels _kernels;
    readonly int _batch;
    KvCache? _cache;
    LossPass? _pass;
    Arena? _arena;
    float[][] _losses = []; // by place: of every token after the first of the sequence that was there last

    /// <param name="model">The model, allocated.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="batch">The most sequences in one pass; long ones are fewer.</param>
    public PrefixScorer(ILanguageModel model, IKernels kernels, int batch = DefaultBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        (_model, _kernels, _batch) = (model, kernels, batch);
    }

    public string Name => "model";

    /// <summary>Tokens that went through the model since the scorer was made: without what was shared.</summary>
    public long ComputedTokens { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="ConfigException">A sequence is longer than the model's context, or has a token that is not the model's.</exception>
    public void Score(IReadOnlyList<int[]> sequences, Span<double> nats)
    {
        if (sequences.Count != nats.Length)
            throw new ArgumentException($"{sequences.Count} sequences but room for {nats.Length} scores.", nameof(nats));
        nats.Clear();
        int[] scored = [.. Enumerable.Range(0, sequences.Count).Where(i => sequences[i].Length > 1)];
        if (scored.Length == 0)
            return;
        var pass = Prepare(scored.Max(i => sequences[i].Length - 1));
        int places = _losses.Length, each = scored.Length / places, longer = scored.Length % places;
        for (int round = 0; round < each + (longer > 0 ? 1 : 0); round++)
        {
            int active = round < each ? places : longer;
            for (int place = 0; place < active; place++)
                Add(pass, sequences[At(place, round)], round == 0 ? [] : sequences[At(place, round - 1)]);
            var losses = pass.Run(_kernels);
            ComputedTokens += losses.Length;
            for (int place = 0; place < active; place++)
            {
                int[] sequence = sequences[At(place, round)];
                int past = Shared(sequence, round == 0 ? [] : sequences[At(place, round - 1)]), count = sequence.Length - 1 - past;
                losses[..count].CopyTo(_losses[place].AsSpan(past));
                losses = losses[count..];
                nats[At(place, round)] = Sum(_losses[place].AsSpan(0, sequence.Length - 1));
            }
        }

        // Places have runs of the same length, the first of them one more.
        int At(int place, int round) => scored[place * each + Math.Min(place, longer) + round];
    }

    public void Dispose()
    {
        _arena?.Dispose();
        _pass?.Dispose();
        _cache?.Dispose();
        (_arena, _pass, _cache) = (null, null, null);
    }

    static void Add(LossPass pass, int[] sequence, int[] before)
    {
        int past = Shared(sequence, before);
        if (!pass.TryAdd(sequence.AsSpan(past), past))
            throw new InvalidOperationException("a pass has room for a whole sequence in every place");
    }

    // The last token in common has another one after it now, so it is computed again.
    static int Shared(int[] sequence, int[] before) =>
        Math.Max(0, Math.Min(sequence.AsSpan().CommonPrefixLength(before), sequence.Length - 1) - 1);

    // In the order of the tokens, and in double: what was shared does not show.
    static double Sum(ReadOnlySpan<float> losses)
    {
        double sum = 0;
        foreach (float loss in losses)
            sum += loss;
        return sum;
    }

    LossPass Prepare(int longest)
    {
        if (_pass is not null && longest <= _pass.MaxLength)
            return _pass;
        int context = _model.Config.MaxPositionEmbeddings;
        if (longest > context)
            throw new ConfigException($"a text of {longest:N0} tokens does not fit into the model's context of {context:N0}, and it is scored as a whole; " +
                "leave it out, or take a model that reads more.");
        Dispose();
        int capacity = Math.Min(context, (longest + CapacityUnit - 1) / CapacityUnit * CapacityUnit);
        int places = Math.Clamp(MostRows / capacity, 1, _batch);
        var device = _model.Parameters.Device;
        _cache = new(device, _model.Parameters.DType, _model.Config.NumHiddenLayers, places, capacity, _model.Config.KeyValueColumns);
        _pass = new(_model, places * capacity, _cache);
        _arena = new(device, _pass.Plan);
        _losses = new float[places][];
        for (int place = 0; place < places; place++)
            _losses[place] = new float[capacity];
        return _pass;
    }
}
