using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Evaluation.Scoring;

namespace Cria.Evaluation.Pairs;

/// <summary>Minimal pairs in BLiMP's way: a pair is won when the whole good text has the higher likelihood, summed
/// over its tokens and not averaged. Texts are prefixed with BeginOfText, as documents begin in training, and are not
/// closed by one. The pairs are tokenized once and may be put to any number of scorers that share the tokenizer.
/// </summary>
public sealed class MinimalPairs
{
    readonly IReadOnlyList<PairItem> _pairs;
    readonly int[][] _sequences; // good, bad, good, bad, …

    /// <exception cref="DataException">The tokenizer has no token that begins a text, or a pair has an empty text or two equal
    /// ones.</exception>
    public MinimalPairs(ITokenizer tokenizer, IReadOnlyList<PairItem> pairs)
    {
        if (tokenizer.BeginOfText is not { } begin)
        {
            throw new DataException(
                "The tokenizer has no token that begins a text, and minimal pairs begin with it; train one with <|endoftext|>.");
        }

        _pairs = pairs;
        _sequences = new int[2 * pairs.Count][];
        for (int i = 0; i < pairs.Count; i++)
        {
            Check(pairs[i], i);
            _sequences[2 * i] = [begin, .. tokenizer.Encode(pairs[i].Good)];
            _sequences[(2 * i) + 1] = [begin, .. tokenizer.Encode(pairs[i].Bad)];
        }
    }

    /// <summary>Scores every pair. A score that is not a number wins nothing.</summary>
    public MinimalPairResult Evaluate(IScorer scorer)
    {
        double[] nats = new double[_sequences.Length];
        scorer.Score(_sequences, nats);

        var phenomena = new TallyList();
        var groups = new TallyList();
        double correct = 0;
        for (int i = 0; i < _pairs.Count; i++)
        {
            (double good, double bad) = (nats[2 * i], nats[(2 * i) + 1]);
            double won = good < bad ? 1 : good == bad ? 0.5 : 0;
            phenomena.Add(_pairs[i].Phenomenon, _pairs[i].Group, won);
            groups.Add(_pairs[i].Group, _pairs[i].Group, won);
            correct += won;
        }

        var overall = new PairAccuracy("all", "all", _pairs.Count, correct);
        return new MinimalPairResult(scorer.Name, phenomena.ToList(), groups.ToList(), overall);
    }

    static void Check(PairItem pair, int index)
    {
        if (pair.Good.Length == 0 || pair.Bad.Length == 0)
            throw new DataException($"Minimal pair {index + 1} ({pair.Phenomenon}) has an empty text; remove it.");
        if (pair.Good == pair.Bad)
        {
            throw new DataException(
                $"Minimal pair {index + 1} ({pair.Phenomenon}) has the same text twice, \"{pair.Good}\"; remove it.");
        }
    }

    /// <summary>Running accuracies by (name, group), kept in order of first appearance.</summary>
    sealed class TallyList
    {
        readonly List<PairAccuracy> _list = [];
        readonly Dictionary<(string, string), int> _places = [];

        public void Add(string name, string group, double won)
        {
            if (!_places.TryGetValue((name, group), out int place))
            {
                _places[(name, group)] = place = _list.Count;
                _list.Add(new PairAccuracy(name, group, 0, 0));
            }

            PairAccuracy old = _list[place];
            _list[place] = old with { Count = old.Count + 1, Correct = old.Correct + won };
        }

        public IReadOnlyList<PairAccuracy> ToList() => _list;
    }
}
