using Cria.Data.Readers;

namespace Cria.Data.Shards;

/// <summary>What a packing made.</summary>
public sealed record PackReport
{
    /// <summary>The finished sets: one, or training and validation.</summary>
    public required IReadOnlyList<ShardManifest> Sets { get; init; }

    /// <summary>What the reader met, by this run and by those that it continued.</summary>
    public required ReaderStatistics Read { get; init; }

    /// <summary>Documents of the input that earlier, unfinished runs had packed; 0 where nothing was continued.</summary>
    public required long DocumentsBefore { get; init; }

    /// <summary>UTF-8 bytes of text that earlier, unfinished runs had packed.</summary>
    public required long TextBytesBefore { get; init; }
}
