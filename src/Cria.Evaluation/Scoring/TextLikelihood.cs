namespace Cria.Evaluation.Scoring;

/// <summary>
/// How well a scorer predicts a text. Bits per byte does not depend on the tokenizer, so it compares models that cut
/// text differently; nats per token and perplexity do not.
/// </summary>
/// <param name="Nats">The sum over all targets.</param>
/// <param name="Tokens">The targets, the closing EndOfText of each document among them.</param>
/// <param name="Bytes">The UTF-8 bytes of the text itself, without special tokens.</param>
public sealed record TextLikelihood(double Nats, long Tokens, long Bytes)
{
    /// <summary>The loss, as training shows it. NaN where nothing was measured.</summary>
    public double NatsPerToken => Nats / Tokens;

    public double Perplexity => Math.Exp(NatsPerToken);

    public double BitsPerByte => Nats / Math.Log(2) / Bytes;

    /// <summary>Both texts together.</summary>
    public static TextLikelihood operator +(TextLikelihood left, TextLikelihood right) =>
        new(left.Nats + right.Nats, left.Tokens + right.Tokens, left.Bytes + right.Bytes);

    /// <summary>Measures documents (each: EndOfText, tokens, EndOfText) that hold <paramref name="bytes"/> of text.
    /// </summary>
    public static TextLikelihood Measure(IScorer scorer, IReadOnlyList<int[]> documents, long bytes)
    {
        double[] nats = new double[documents.Count];
        scorer.Score(documents, nats);

        double total = 0;
        long tokens = 0;
        for (int i = 0; i < nats.Length; i++)
        {
            total += nats[i];
            tokens += Math.Max(0, documents[i].Length - 1);
        }

        return new TextLikelihood(total, tokens, bytes);
    }

    /// <summary>How much of the way from a baseline down to a floor, all in bits per byte: 0 at the baseline, 1 at the
    /// floor, negative above the baseline.</summary>
    public static double ShareOfTheWay(double baseline, double floor, double reached) =>
        (baseline - reached) / (baseline - floor);
}
