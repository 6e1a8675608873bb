namespace Cria.Models.Losses;

/// <summary>What teachers said of the samples of a run, few tokens of each row, known before it began.</summary>
public interface ITaughtSamples
{
    /// <summary>Tokens that they predict (V).</summary>
    int VocabSize { get; }

    /// <summary>Rows of a sample (T).</summary>
    int SequenceLength { get; }

    /// <summary>By which the teachers' logits were divided.</summary>
    float Temperature { get; }

    /// <summary>The most tokens that are kept of a row (K).</summary>
    int Most { get; }

    /// <summary>Reads what is kept of a sample.</summary>
    /// <param name="sample">Its global number.</param>
    /// <param name="ids">(T, K): the kept tokens of a row, −1 behind the last of them.</param>
    /// <param name="shares">(T, K): what each counts.</param>
    /// <param name="logs">(T, K): the logarithm of each one's probability.</param>
    /// <param name="rests">(T): what all others count together.</param>
    void Read(long sample, Span<int> ids, Span<float> shares, Span<float> logs, Span<float> rests);
}
