namespace Cria.Data.Predictions;

/// <summary>
/// Tokens drawn at random from a proposal q ∝ p^(1/t), each with the weight p / q over the number of draws: the expected weight of
/// every token is its probability, so the expected gradient of the divergence is that of the whole prediction.
/// </summary>
/// <remarks>
/// Anshumann et al. 2025, "Sparse Logit Sampling: Accelerating Knowledge Distillation in LLMs" (arXiv 2503.16870). Unlike there, one
/// token is drawn from each of as many equal parts of the proposal as there are draws (stratified sampling): the expectation is the
/// same, the variance at most as large, and a token of proposal q is drawn q times the draws, to within two.
/// </remarks>
/// <param name="Count">Draws of each row.</param>
/// <param name="ProposalTemperature">t; 1 draws from the prediction itself.</param>
/// <param name="Seed">Where random numbers start.</param>
public sealed record DrawnTokens(int Count, double ProposalTemperature, ulong Seed) : TokenChoice
{
    /// <summary>More draws than this cost more than all tokens do.</summary>
    public const int MostDraws = 1 << 16;

    public override string Name => "drawn";

    public override int Most => Count;

    public override string Words => $"{Count:N0} draws of each row, at a proposal temperature of {ProposalTemperature:0.###}";

    public override string? Fault(int vocabSize) =>
        Count is < 1 or > MostDraws ? $"{Count:N0} draws are asked for of each prediction; 1 to {MostDraws:N0} can be made, and 50 are usual."
        : !(ProposalTemperature is >= 0.1 and <= 10) ? $"the proposal temperature {ProposalTemperature} does not lie between 0.1 and 10; 1 is usual."
        : null;

    internal override void Choose(ReadOnlySpan<float> probabilities, ulong key, KeptRow row)
    {
        row.Clear();
        double all = 0, proposed = 0;
        foreach (float p in probabilities)
        {
            all += p;
            proposed += Proposal(p);
        }
        double sum = 0;
        int done = 0, last = 0;
        double next = Place(key, 0) * proposed;
        for (int id = 0; id < probabilities.Length && done < Count; id++)
        {
            double part = Proposal(probabilities[id]);
            if (part == 0)
                continue;
            (sum, last) = (sum + part, id);
            int times = 0;
            for (; done < Count && next < sum; next = Place(key, ++done) * proposed)
                times++;
            if (times > 0)
                row.Add(id, (float)Math.Log(probabilities[id] / all), times);
        }
        if (done < Count) // the sum of the parts, in the same order, is the sum; this is for one that is not
            row.Add(last, (float)Math.Log(probabilities[last] / all), Count - done);
        row.Extra = (float)(Math.Log(proposed) - Math.Log(all) / ProposalTemperature);
    }

    // p / q, with q = p^(1/t) / Σ p^(1/t).
    internal override double Share(double log, int times, double extra) =>
        (double)times / Count * (ProposalTemperature == 1 ? 1 : Math.Exp((1 - 1 / ProposalTemperature) * log + extra));

    internal override double Rest(double extra) => 0;

    double Proposal(float p) => ProposalTemperature == 1 ? p : Math.Pow(p, 1 / ProposalTemperature);

    // Of draw i, within the i-th of as many equal parts of [0, 1) as there are draws.
    double Place(ulong key, int i) => (i + (KeyedHash.Combine(key, (ulong)i) >> 11) * (1.0 / (1ul << 53))) / Count;
}
