namespace Cria.Training.Budgets;

/// <summary>
/// The loss of a finished run, in bits per byte: L = E + A / N^α + C / M^γ + B / D^β, with N the parameters of the blocks, M those of the
/// embedding, and D the bytes of text seen, repetitions counted as <see cref="EffectiveData"/> counts them. The sum of powers is
/// Hoffmann et al. 2022 ("Chinchilla", approach 3); the vocabulary's own term and text in place of tokens are Tao et al. 2024
/// ("Scaling Laws with Vocabulary"), because a token of a large vocabulary holds more text, and is harder to guess.
/// </summary>
/// <param name="Floor">E: what no model and no data takes away.</param>
/// <param name="Body">A</param>
/// <param name="BodyPower">α</param>
/// <param name="Embedding">C</param>
/// <param name="EmbeddingPower">γ</param>
/// <param name="Data">B</param>
/// <param name="DataPower">β</param>
public sealed record LossLaw(
    double Floor, double Body, double BodyPower, double Embedding, double EmbeddingPower, double Data, double DataPower)
{
    /// <summary>Bits per byte after a run.</summary>
    /// <param name="body">N</param>
    /// <param name="embedding">M</param>
    /// <param name="seenBytes">Text that training reads, repetitions included.</param>
    /// <param name="uniqueBytes">Text there is.</param>
    public double BitsPerByte(double body, double embedding, double seenBytes, double uniqueBytes) =>
        Floor + Body * Math.Pow(body, -BodyPower) + Embedding * Math.Pow(embedding, -EmbeddingPower)
        + Data * Math.Pow(EffectiveData.Of(seenBytes, uniqueBytes), -DataPower);
}
