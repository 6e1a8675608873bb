using System.Runtime.CompilerServices;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>
/// The runs of words of evaluation sets: all of N words, and shorter texts as a whole. Found by hash, confirmed letter
/// by letter. Memory: about 60 bytes a run and the texts themselves.
/// </summary>
sealed class NgramTable
{
    /// <summary>Sets that a table may hold: each is a bit.</summary>
    public const int MaxSets = 64;

    readonly int _words, _leastWords;
    readonly Dictionary<ulong, int> _runs = []; // a hash to the last run that has it
    readonly List<Run> _all = [];
    readonly List<Item> _items = [];
    readonly BeginningFilter _beginnings;
    readonly BitFilter _whole;

    public NgramTable(IReadOnlyList<EvaluationSet> sets, ContaminationOptions options)
    {
        (_words, _leastWords) = (options.NgramWords, options.MinWords);
        Rolling = new RollingWords(_words);
        HashSet<(ulong Hash, int Length)> beginnings = [];
        var lengths = new SortedSet<int>();
        for (int set = 0; set < sets.Count; set++)
        {
            foreach (EvaluationItem item in sets[set].Items)
                Add(item, set, beginnings, lengths);
        }

        Lengths = [.. lengths];
        _beginnings = new BeginningFilter(beginnings);
        _whole = new BitFilter(_runs.Keys);
    }

    /// <summary>Hashes of runs, as this table makes them.</summary>
    public RollingWords Rolling { get; }

    /// <summary>In words: the lengths that runs have, the smallest first.</summary>
    public int[] Lengths { get; }

    /// <summary>Items added, of all sets.</summary>
    public IReadOnlyList<Item> Items => _items;

    /// <summary>How many runs there are.</summary>
    public int Runs => _all.Count;

    /// <summary>The lengths that runs may have which begin with these words, as many as a run has at least: bits of
    /// <see cref="BeginningFilter.BitOf"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint LengthsAt(ulong hash) => _beginnings.LengthsAt(hash);

    /// <summary>The run of these words; -1 if there is none.</summary>
    /// <param name="hash">Their hash.</param>
    /// <param name="text">Where they stand.</param>
    public int Find(ulong hash, ReadOnlySpan<char> text)
    {
        if (!_whole.MayContain(hash) || !_runs.TryGetValue(hash, out int run))
            return -1;
        return WordsOf(run).SequenceEqual(WordScanner.Normalized(text)) ? run : -1;
    }

    /// <summary>The sets in which a run occurs: a bit for each.</summary>
    public ulong SetsOf(int run) => _all[run].Sets;

    /// <summary>The items in which a run occurs.</summary>
    public IEnumerable<int> ItemsOf(int run)
    {
        for (; run >= 0; run = _all[run].Previous)
            yield return _all[run].Item;
    }

    /// <summary>The words of a run, one space between them.</summary>
    public ReadOnlySpan<char> WordsOf(int run)
    {
        Run found = _all[run];
        return _items[found.Item].Texts[found.Text].AsSpan(found.First, found.Length);
    }

    void Add(EvaluationItem source, int set, HashSet<(ulong Hash, int Length)> beginnings, SortedSet<int> lengths)
    {
        int number = _items.Count;
        string[] texts = [.. source.Texts.Select(text => WordScanner.Normalized(text))];
        bool isLookedFor = false;
        _items.Add(new Item(set, source.Place, texts));
        for (int text = 0; text < texts.Length; text++)
        {
            List<(int First, int End)> words = [];
            List<ulong> hashes = [];
            var scanner = new WordScanner(texts[text]);
            while (scanner.Next())
            {
                words.Add((scanner.First, scanner.End));
                hashes.Add(scanner.Hash);
            }

            if (words.Count < _leastWords)
                continue;
            isLookedFor = true;
            int length = Math.Min(words.Count, _words);
            lengths.Add(length);
            for (int first = 0; first + length <= words.Count; first++)
            {
                beginnings.Add((Rolling.Hash(hashes, first, _leastWords), length));
                int at = words[first].First;
                AddRun(Rolling.Hash(hashes, first, length), new Run(
                    number, text, at, words[first + length - 1].End - at, 1UL << set, -1));
            }
        }

        _items[number] = _items[number] with { IsLookedFor = isLookedFor };
    }

    void AddRun(ulong hash, Run run)
    {
        if (_runs.TryGetValue(hash, out int previous))
        {
            if (_all[previous].Item == run.Item)
                return;
            run = run with { Sets = run.Sets | _all[previous].Sets, Previous = previous };
        }

        _runs[hash] = _all.Count;
        _all.Add(run);
    }

    /// <summary>An evaluation item.</summary>
    /// <param name="Set">Its set's number.</param>
    /// <param name="Place">FILE:LINE.</param>
    /// <param name="Texts">Its texts as words with one space between them.</param>
    /// <param name="IsLookedFor">Whether one of its texts is long enough.</param>
    public readonly record struct Item(int Set, string Place, string[] Texts, bool IsLookedFor = false);

    readonly record struct Run(int Item, int Text, int First, int Length, ulong Sets, int Previous);
}
