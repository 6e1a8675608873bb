namespace Cria.Data.Predictions;

/// <summary>
/// The most probable tokens, and the probability of all others together, which training takes for one more token, the ghost: what
/// the student does within the rest is left to it. That is the divergence of two coarser predictions, a lower bound of the whole's,
/// which it meets where student and teacher divide the rest alike.
/// </summary>
/// <param name="Count">How many; all tokens at most.</param>
public sealed record TopTokens(int Count) : TokenChoice
{
    public override string Name => "top";

    public override int Most => Count;

    public override string Words => $"the {Count:N0} most probable tokens of each row, and one probability for the rest";

    public override string? Fault(int vocabSize) => Count >= 1 && Count <= vocabSize ? null
        : $"{Count:N0} tokens are to be kept of each prediction, and the vocabulary has {vocabSize:N0}; keep 1 to {vocabSize:N0}, such as 64.";

    internal override void Choose(ReadOnlySpan<float> probabilities, ulong key, KeptRow row)
    {
        row.Clear();
        for (int id = 0; id < probabilities.Length; id++)
            if (probabilities[id] > 0)
                Offer(row, id, probabilities[id]);
        row.Sort();
        double rest = 0, all = 0;
        for (int id = 0, next = 0; id < probabilities.Length; id++)
        {
            all += probabilities[id];
            if (next < row.Count && row.Ids[next] == id)
                next++;
            else
                rest += probabilities[id];
        }
        row.Extra = (float)Math.Log(rest / all); // −∞ where nothing is left
        for (int i = 0; i < row.Count; i++)
            row.Logs[i] = (float)Math.Log(row.Logs[i] / all);
    }

    internal override double Share(double log, int times, double extra) => Math.Exp(log);

    internal override double Rest(double extra) => Math.Exp(extra);

    // A heap whose root is the least probable of those that are kept; of equals the later one goes.
    void Offer(KeptRow row, int id, float probability)
    {
        if (row.Count < Count)
        {
            int at = row.Count;
            row.Add(id, probability);
            for (; at > 0 && IsLess(row, at, (at - 1) / 2); at = (at - 1) / 2)
                row.Swap(at, (at - 1) / 2);
            return;
        }
        if (probability <= row.Logs[0])
            return;
        (row.Ids[0], row.Logs[0]) = (id, probability);
        for (int at = 0; ;)
        {
            int least = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2; child++)
                if (child < row.Count && IsLess(row, child, least))
                    least = child;
            if (least == at)
                return;
            row.Swap(at, least);
            at = least;
        }
    }

    static bool IsLess(KeptRow row, int a, int b) =>
        row.Logs[a] < row.Logs[b] || (row.Logs[a] == row.Logs[b] && row.Ids[a] > row.Ids[b]);
}
