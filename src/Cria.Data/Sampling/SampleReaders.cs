namespace Cria.Data.Sampling;

/// <summary>The readers for training by name.</summary>
public static class SampleReaders
{
    const int MaxSequenceLength = 1 << 24;

    /// <summary>What <see cref="SampleOptions.Type"/> can be; docs/sampling.md says what each is.</summary>
    public static IReadOnlyList<string> Types { get; } = ["permutation", "random", "random_chunk", "windows", "sequential", "packed", "documents"];

    /// <summary>What is wrong with options, in words that follow their key; null if nothing is.</summary>
    public static string? Fault(SampleOptions options)
    {
        if (!Types.Contains(options.Type))
            return $"type '{options.Type}' is not known; there are {string.Join(", ", Types)}.";
        if (!options.Shuffle && options.Type != "windows")
            return $"shuffle false belongs to windows and not to {options.Type}; leave it out, or take windows or sequential.";
        if (options.Subset < 0)
            return $"subset {options.Subset} is less than 0; it is a number of windows, and 0 takes them all.";
        if (options.Type != "windows" && (options.Subset > 0 || options.SubsetSeed != new SampleOptions().SubsetSeed))
            return $"subset belongs to windows and not to {options.Type}; leave it and subset_seed out, or take windows.";
        return options.Type == "packed" && !options.DocumentMasks
            ? "document_masks false does not go with packed, whose documents have nothing to do with each other; take permutation."
            : null;
    }

    /// <summary>The reader of a stream, which the caller keeps open.</summary>
    /// <param name="options">Which reader.</param>
    /// <param name="stream">The data.</param>
    /// <param name="sequenceLength">T, at least 1.</param>
    /// <param name="seed">Of every choice the reader makes.</param>
    /// <exception cref="DataException">The options contradict each other, or the stream does not suit them.</exception>
    public static ISampleReader Open(SampleOptions options, ITokenStream stream, int sequenceLength, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequenceLength, MaxSequenceLength);
        if (Fault(options) is { } fault)
            throw new DataException($"data.reader.{fault}");
        if (options.Type == "packed")
            return new PackedReader(stream, sequenceLength, seed);
        if (options.Type == "documents")
            return new DocumentsReader(stream, sequenceLength, seed, options.DocumentMasks);

        var ring = new TokenRing(stream);
        if (options.Type == "windows")
            return new FixedWindowReader(ring, new(ring, sequenceLength, seed, options), sequenceLength, options.DocumentMasks);
        IWindowOrder order = options.Type switch
        {
            "permutation" => new PermutationOrder(ring, sequenceLength, seed),
            "random" => new RandomOrder(ring, sequenceLength, seed),
            "random_chunk" => new RandomChunkOrder(ring, sequenceLength, seed),
            _ => new SequentialOrder(ring, sequenceLength),
        };
        return new WindowReader(ring, order, sequenceLength, options.DocumentMasks);
    }
}
