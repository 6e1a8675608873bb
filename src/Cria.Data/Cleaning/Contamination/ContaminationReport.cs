using System.Collections;
using System.Text;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>What of each evaluation set a corpus held.</summary>
public sealed class ContaminationReport
{
    readonly NgramTable _table;
    readonly BitArray _isItemFound, _isRunFound;

    internal ContaminationReport(IReadOnlyList<EvaluationSet> sets, NgramTable table)
    {
        _table = table;
        (_isItemFound, _isRunFound) = (new BitArray(table.Items.Count), new BitArray(table.Runs));
        int[] lookedFor = new int[sets.Count];
        foreach (NgramTable.Item item in table.Items)
            lookedFor[item.Set] += item.IsLookedFor ? 1 : 0;
        Sets = [.. sets.Select((set, i) => new ContaminatedSet(set.Name, set.Items.Count, lookedFor[i]))];
    }

    /// <summary>Each evaluation set.</summary>
    public IReadOnlyList<ContaminatedSet> Sets { get; }

    /// <summary>Documents examined.</summary>
    public long Documents { get; private set; }

    /// <summary>Documents in which something was found.</summary>
    public long ContaminatedDocuments { get; private set; }

    /// <summary>Those of which nothing is left.</summary>
    public long RemovedDocuments { get; private set; }

    /// <summary>Pieces that are left of the others.</summary>
    public long Pieces { get; private set; }

    /// <summary>UTF-16 characters that went, with margins and whole documents.</summary>
    public long RemovedCharacters { get; private set; }

    /// <summary>The report in lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{Documents} documents, {ContaminatedDocuments} hold evaluation text, {RemovedDocuments} of them removed; ")
            .Append($"{RemovedCharacters} characters removed\n");
        foreach (ContaminatedSet set in Sets)
        {
            text.Append($"  {set.Name}: {set.FoundItems} of {set.Items} items found in {set.Documents} documents");
            text.Append(set.Items > set.LookedForItems ? $" ({set.Items - set.LookedForItems} are too short to be looked for)\n" : "\n");
            foreach (ContaminationExample example in set.Examples)
                text.Append($"    {example.Place}: {example.ItemPlace} \"{example.Words}\"\n");
        }

        return text.ToString();
    }

    internal void Add(string place, string text, Examination found)
    {
        Documents++;
        if (!found.IsFound)
            return;
        ContaminatedDocuments++;
        RemovedDocuments += found.Pieces.Count == 0 ? 1 : 0;
        Pieces += found.Pieces.Count;
        RemovedCharacters += text.Length - found.Pieces.Sum(piece => (long)piece.Length);
        ulong sets = 0;
        foreach (int run in found.Runs)
        {
            sets |= _table.SetsOf(run);
            if (_isRunFound[run])
                continue;
            _isRunFound[run] = true;
            foreach (int item in _table.ItemsOf(run))
                AddItem(place, item, run);
        }

        for (int set = 0; set < Sets.Count; set++)
            Sets[set].Documents += (long)(sets >> set & 1);
    }

    void AddItem(string place, int item, int run)
    {
        if (_isItemFound[item])
            return;
        _isItemFound[item] = true;
        Sets[_table.Items[item].Set].Add(new ContaminationExample(place, _table.Items[item].Place, _table.WordsOf(run).ToString()));
    }
}

/// <summary>What of one evaluation set a corpus held.</summary>
public sealed class ContaminatedSet(string name, int items, int lookedForItems)
{
    readonly List<ContaminationExample> _examples = [];

    /// <summary>The set's name.</summary>
    public string Name { get; } = name;

    /// <summary>Items in the set.</summary>
    public int Items { get; } = items;

    /// <summary>Items with a text that is long enough to be looked for.</summary>
    public int LookedForItems { get; } = lookedForItems;

    /// <summary>Items of which a run was found.</summary>
    public int FoundItems { get; private set; }

    /// <summary>Documents in which some were found.</summary>
    public long Documents { get; internal set; }

    /// <summary>The first few items found.</summary>
    public IReadOnlyList<ContaminationExample> Examples => _examples;

    internal void Add(ContaminationExample example)
    {
        FoundItems++;
        if (_examples.Count < CleaningCount.MaxExamples)
            _examples.Add(example);
    }
}

/// <summary>A find.</summary>
/// <param name="Place">FILE:LINE of the document.</param>
/// <param name="ItemPlace">FILE:LINE of the evaluation item.</param>
/// <param name="Words">The words that both have.</param>
public sealed record ContaminationExample(string Place, string ItemPlace, string Words);
