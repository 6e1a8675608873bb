using Cria.Evaluation.NGram;

namespace Cria.Evaluation.Scoring;

/// <summary>Scores with a Kneser–Ney trigram.</summary>
public sealed class KneserNeyScorer(KneserNeyTrigram trigram) : IScorer
{
    public string Name => "Kneser–Ney trigram";

    public void Score(IReadOnlyList<int[]> sequences, Span<double> nats)
    {
        if (sequences.Count != nats.Length)
            throw new ArgumentException($"{sequences.Count} sequences but room for {nats.Length}.", nameof(nats));

        for (int i = 0; i < sequences.Count; i++)
            nats[i] = trigram.Nats(sequences[i]);
    }
}
