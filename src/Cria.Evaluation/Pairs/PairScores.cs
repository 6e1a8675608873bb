namespace Cria.Evaluation.Pairs;

/// <summary>What a scorer made of every pair.</summary>
/// <param name="scorer">The scorer's name.</param>
/// <param name="pairs">The pairs.</param>
/// <param name="nats">−ln P of each text: good, bad, good, bad, …</param>
public sealed class PairScores(string scorer, IReadOnlyList<PairItem> pairs, double[] nats)
{
    /// <summary>The nats of the good text and of the bad one.</summary>
    public (double Good, double Bad) this[int pair] => (nats[2 * pair], nats[(2 * pair) + 1]);

    /// <summary>Counts the verdicts. A score that is not a number wins nothing.</summary>
    public MinimalPairResult Result()
    {
        var phenomena = new TallyList();
        var groups = new TallyList();
        var overall = new PairAccuracy("all", "all", 0, 0);
        for (int i = 0; i < pairs.Count; i++)
        {
            (double good, double bad) = this[i];
            phenomena.Add(pairs[i].Phenomenon, pairs[i].Group, good, bad);
            groups.Add(pairs[i].Group, pairs[i].Group, good, bad);
            overall = TallyList.With(overall, good, bad);
        }

        return new MinimalPairResult(scorer, phenomena.ToList(), groups.ToList(), overall);
    }

    /// <summary>The pairs that were lost by most, of every group, groups in the order in which they first appear.</summary>
    /// <param name="each">At most so many of a group.</param>
    public IReadOnlyList<PairMistake> Mistakes(int each) =>
    [
        .. Enumerable.Range(0, pairs.Count)
            .Select(i => new PairMistake(pairs[i], this[i].Good, this[i].Bad))
            .GroupBy(mistake => mistake.Pair.Group)
            .SelectMany(group => group
                .Where(mistake => double.IsFinite(mistake.Margin) && mistake.Margin > 0)
                .OrderByDescending(mistake => mistake.Margin)
                .Take(each)),
    ];

    /// <summary>Running accuracies by (name, group), kept in order of first appearance.</summary>
    sealed class TallyList
    {
        readonly List<PairAccuracy> _list = [];
        readonly Dictionary<(string, string), int> _places = [];

        public static PairAccuracy With(PairAccuracy tally, double good, double bad)
        {
            bool isTie = good == bad;
            double won = isTie ? 0.5 : good < bad ? 1 : 0;
            return tally with { Count = tally.Count + 1, Correct = tally.Correct + won, Ties = tally.Ties + (isTie ? 1 : 0) };
        }

        public void Add(string name, string group, double good, double bad)
        {
            if (!_places.TryGetValue((name, group), out int place))
            {
                _places[(name, group)] = place = _list.Count;
                _list.Add(new PairAccuracy(name, group, 0, 0));
            }

            _list[place] = With(_list[place], good, bad);
        }

        public IReadOnlyList<PairAccuracy> ToList() => _list;
    }
}

/// <summary>A pair whose bad text was held likelier.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="GoodNats">−ln P of the good text.</param>
/// <param name="BadNats">−ln P of the bad text.</param>
public sealed record PairMistake(PairItem Pair, double GoodNats, double BadNats)
{
    /// <summary>By how many nats the bad text is the likelier one.</summary>
    public double Margin => GoodNats - BadNats;
}
