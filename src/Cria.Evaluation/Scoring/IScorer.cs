namespace Cria.Evaluation.Scoring;

/// <summary>
/// The waist of every evaluation: something that gives token sequences a likelihood. Tasks turn text into sequences and
/// likelihoods into verdicts; models and n-grams only score. A conditional likelihood is the difference of two scores
/// (chain rule), so one method is enough.
/// </summary>
public interface IScorer
{
    /// <summary>The name a table shows.</summary>
    string Name { get; }

    /// <summary>
    /// nats[i] = −ln P(all tokens of sequences[i] after the first | the first), in nats, summed, not averaged; 0 for a
    /// sequence of one token or none. A sequence begins with its context, such as EndOfText. The answer for one sequence does not
    /// depend on the others; the scorer is free to sort, pad or pack them.
    /// </summary>
    /// <exception cref="ArgumentException">The span and the list differ in length.</exception>
    void Score(IReadOnlyList<int[]> sequences, Span<double> nats);
}
