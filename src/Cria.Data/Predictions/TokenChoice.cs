namespace Cria.Data.Predictions;

/// <summary>Which tokens of a prediction are kept; each way is a record of its own beneath this one.</summary>
public abstract record TokenChoice
{
    /// <summary>Its name in files.</summary>
    public abstract string Name { get; }

    /// <summary>The most tokens that are kept of a row.</summary>
    public abstract int Most { get; }

    /// <summary>What it does, in words.</summary>
    public abstract string Words { get; }

    /// <summary>What is wrong with its numbers for a vocabulary, in a sentence; null if nothing is.</summary>
    public abstract string? Fault(int vocabSize);

    /// <summary>Keeps tokens of a row.</summary>
    /// <param name="probabilities">Of every token; what they sum to is nearly 1.</param>
    /// <param name="key">Of the row's random numbers.</param>
    /// <param name="row">Receives them, in the order of their ids.</param>
    internal abstract void Choose(ReadOnlySpan<float> probabilities, ulong key, KeptRow row);

    /// <summary>What a kept token counts in training.</summary>
    /// <param name="log">The logarithm of its probability.</param>
    /// <param name="times">How often it was kept.</param>
    /// <param name="extra">The row's <see cref="KeptRow.Extra"/>.</param>
    internal abstract double Share(double log, int times, double extra);

    /// <summary>What all tokens count together that are not kept.</summary>
    internal abstract double Rest(double extra);
}
