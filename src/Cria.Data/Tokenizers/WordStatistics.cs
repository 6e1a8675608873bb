namespace Cria.Data.Tokenizers;

/// <summary>What a <see cref="BpeTrainer"/> counted before it merged.</summary>
public sealed record WordStatistics
{
    /// <summary>All words of the corpus.</summary>
    public long Words { get; init; }

    /// <summary>Different ones among them.</summary>
    public long DistinctWords { get; init; }

    /// <summary>Bytes of counts that went through temporary files, as they did not fit into memory; exact all the same.</summary>
    public long SpilledBytes { get; init; }

    /// <summary>
    /// Different words that were left out, the rarest, as merging them needs more than <see cref="BpeTrainerOptions.MaxMemory"/>.
    /// </summary>
    public long LostWords { get; init; }

    /// <summary>How often they occur, all together: no pair was counted too low by more than the pairs in them.</summary>
    public long LostOccurrences { get; init; }

    /// <summary>The greatest number of occurrences of any of them; every word that occurs more often was counted.</summary>
    public long MostLost { get; init; }
}
