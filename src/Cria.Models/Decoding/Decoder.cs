using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Decoding;

/// <summary>
/// Runs one sequence token by token with a cache of keys and values. Two plans share the cache and an arena: one reads a
/// prompt, many tokens at once and without logits, one takes the last tokens and gives the logits of each.
/// </summary>
public sealed class Decoder : IDisposable
{
    /// <summary>The tokens of a step with logits: as many as cost little more than one, because the weights are what takes time.</summary>
    const int StepRows = 8;

    /// <summary>Caches grow by whole multiples of so many tokens.</summary>
    const int CapacityUnit = 64;

    readonly IKernels _kernels;
    readonly KvCache _cache;
    readonly Sequence _prompt, _step;
    readonly Plan _reading;
    readonly Value _logits;
    readonly Arena _arena;

    /// <param name="model">The model, allocated.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="prefill">Tokens of a prompt that are read at once.</param>
    /// <param name="tokens">The longest sequence wanted, for which the cache gets room, rounded up; 0, or more than the model's
    /// context, means the context.</param>
    public Decoder(ILanguageModel model, IKernels kernels, int prefill = 256, int tokens = 0)
    {
        var config = model.Config;
        var device = model.Parameters.Device;
        _kernels = kernels;
        Capacity = CapacityFor(tokens, config.MaxPositionEmbeddings);
        VocabSize = config.VocabSize;
        Prefill = Math.Min(prefill, Capacity);
        _cache = new(device, model.Parameters.DType, config.NumHiddenLayers, 1, Capacity, config.KeyValueColumns);

        var reading = new Graph(model.Parameters.DType);
        _prompt = new(reading, Prefill, 1, Capacity, _cache);
        _reading = Plan.Forward(reading, device, model.Forward(reading, _prompt));

        var stepping = new Graph(model.Parameters.DType);
        _step = new(stepping, Math.Min(StepRows, Prefill), 1, Capacity, _cache);
        _logits = model.Logits(stepping, _step); // (R, V)
        StepPlan = Plan.Forward(stepping, device, _logits);
        _arena = new(device, _reading, StepPlan);
    }

    /// <summary>The longest sequence the cache holds.</summary>
    public int Capacity { get; }

    public int VocabSize { get; }

    public int Prefill { get; }

    /// <summary>Tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>What runs for one decoded token.</summary>
    public Plan StepPlan { get; }

    /// <summary>Appends tokens and gives the logits of each.</summary>
    /// <param name="ids">At least one token; with what is there, at most the capacity.</param>
    /// <param name="each">Receives (index in ids, logits (V)); the span is valid during the call. Reading is faster without.</param>
    public void Append(ReadOnlySpan<int> ids, Action<int, ReadOnlySpan<float>>? each = null)
    {
        if (Length + ids.Length > Capacity)
            throw new ArgumentException($"{Length} + {ids.Length} tokens exceed the context of {Capacity}");
        TokenIds.Check(ids, VocabSize);
        int start = 0;
        while (each is null && ids.Length - start > _step.Rows)
            start += Run(_prompt, _reading, ids[start..^_step.Rows]);
        while (start < ids.Length)
        {
            int count = Run(_step, StepPlan, ids[start..]);
            LastRow = count - 1;
            for (int row = 0; each is not null && row < count; row++)
                each(start + row, Row(row));
            start += count;
        }
    }

    /// <summary>The logits after the last token, (V), in host memory; valid until the next call.</summary>
    public ReadOnlySpan<float> Logits => Row(LastRow);

    /// <summary>Forgets all tokens.</summary>
    public void Reset() => Length = 0;

    public void Dispose()
    {
        _arena.Dispose();
        StepPlan.Dispose();
        _reading.Dispose();
        _cache.Dispose();
    }

    int LastRow { get; set; }

    static int CapacityFor(int tokens, int context) => tokens <= 0 || tokens > context - CapacityUnit
        ? context
        : (tokens + CapacityUnit - 1) / CapacityUnit * CapacityUnit;

    /// <summary>As many of the tokens as the sequence takes; how many that were.</summary>
    int Run(Sequence sequence, Plan plan, ReadOnlySpan<int> ids)
    {
        int count = Math.Min(ids.Length, sequence.Rows);
        sequence.Fill(ids[..count], [0], [Length]);
        plan.Forward(_kernels);
        Length += count;
        return count;
    }

    Span<float> Row(int row) => _logits.Data.Span<float>().Slice(row * VocabSize, VocabSize);
}
