using Cria.Engine.Graphs;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>
/// What every architecture says of its sizes, in the words of its config.json (docs/glossary.md). Each architecture
/// has a record of its own beneath this one.
/// </summary>
public abstract record ModelConfig
{
    protected const int MaxLayers = 4096;

    /// <summary>The architecture's published name: <c>llama</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>V; 0 in a recipe means: as many as the tokenizer has.</summary>
    public int VocabSize { get; init; }

    /// <summary>H</summary>
    public required int HiddenSize { get; init; }

    /// <summary>L</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>The longest sequence.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>How parameters start: normal, depth_scaled or fan_in.</summary>
    public string Initialization { get; init; } = "depth_scaled";

    public float InitializerRange { get; init; } = 0.02f;

    /// <summary>The columns of a head that rotary positions turn; 0 where positions are learned.</summary>
    public virtual int RotaryColumns => 0;

    /// <summary>The width of a layer's keys.</summary>
    public abstract int KeyValueColumns { get; }

    /// <summary>Multiply-adds of all matmuls of one token's forward pass, the head in and the embedding out.</summary>
    public abstract long MatMulWeights { get; }

    /// <summary>The width of all query heads together: what attention multiplies.</summary>
    public abstract int AttentionColumns { get; }

    /// <summary>The width of a layer's MLP inside.</summary>
    public abstract int MlpColumns { get; }

    /// <summary>
    /// FLOPs of one token in training: 6 · matmul weights + 6 · L · N·D · T (causal attention); recomputation not counted.
    /// </summary>
    public long FlopsPerToken(int sequenceLength) =>
        6 * MatMulWeights + 6L * NumHiddenLayers * AttentionColumns * sequenceLength;

    /// <summary>The rules that sizes must obey.</summary>
    /// <exception cref="ConfigException">One is broken; the message names the value and the nearest right one.</exception>
    public abstract void Validate();

    protected static void CheckDropout(string name, float share)
    {
        if (!(share >= 0 && share < 1))
            throw new ConfigException($"{name} {share} is not a share that may be dropped; it is 0 or more and below 1, and usually 0 or 0.1.");
    }

    /// <summary>A context that is never used may ask for more memory than the machine has.</summary>
    protected void CheckRotaryTable(int columns)
    {
        if ((long)MaxPositionEmbeddings * columns > RopeTable.MostNumbers)
            throw new ConfigException($"max_position_embeddings {MaxPositionEmbeddings} of {columns} turned columns make a rotary table of more than " +
                $"{RopeTable.MostNumbers:N0} numbers; write the context that is used, at most {RopeTable.MostNumbers / columns}, into the config.");
    }
}

/// <summary>A configuration that cannot be; the message is one sentence with the value and the remedy.</summary>
public sealed class ConfigException(string message) : Exception(Sentence.Of(message));
