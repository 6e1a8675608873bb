namespace Cria.Data.Cleaning.Contamination;

/// <summary>
/// Finds text of evaluation sets in training text, in one walk over its words whatever the number of sets: runs of N
/// words, and shorter evaluation texts as whole sentences. Words are compared as <c>WordScanner</c> reads them: case and
/// punctuation do not matter.
/// </summary>
public sealed class Decontaminator
{
    const int FarthestEdge = 100; // characters: longer words are cut

    readonly ContaminationOptions _options;
    readonly NgramTable _table;

    /// <summary>A finder for these sets.</summary>
    /// <exception cref="DataException">An option is out of its range, or there are more than 64 sets.</exception>
    public Decontaminator(IReadOnlyList<EvaluationSet> sets, ContaminationOptions? options = null)
    {
        _options = options ?? new ContaminationOptions();
        _options.Check();
        if (sets.Count is 0 or > NgramTable.MaxSets)
            throw new DataException($"{sets.Count} evaluation sets are given; name from 1 to {NgramTable.MaxSets}.");
        _table = new NgramTable(sets, _options);
        Report = new ContaminationReport(sets, _table);
    }

    /// <summary>What <see cref="Count"/> was told so far.</summary>
    public ContaminationReport Report { get; }

    /// <summary>What of a text the sets hold too, and what is left of it. For several threads.</summary>
    public Examination Examine(string text)
    {
        List<(int First, int End)> passages = [];
        List<int> runs = Find(text, passages);
        return new Examination(runs.Count == 0 ? [text] : Left(text, passages), passages, runs);
    }

    /// <summary>Enters what was found into the report; by one thread, in the order of the corpus.</summary>
    /// <param name="place">Where the document stands.</param>
    /// <param name="text">Its text.</param>
    /// <param name="found">What <see cref="Examine"/> said.</param>
    public void Count(string place, string text, Examination found) => Report.Add(place, text, found);

    List<int> Find(string text, List<(int First, int End)> passages)
    {
        HashSet<int>? runs = null;
        var window = new WordWindow(text, _options.NgramWords, _table.Rolling);
        while (window.Next())
        {
            uint lengths = window.Count < _options.MinWords ? 0 : _table.LengthsAt(window.Hash(_options.MinWords));
            if (lengths == 0)
                continue;
            foreach (int length in _table.Lengths)
            {
                if (length > window.Count)
                    break;
                if ((lengths & BeginningFilter.BitOf(length)) == 0)
                    continue;
                (int first, int end) = window.Span(length);
                int run = _table.Find(window.Hash(length), text.AsSpan(first, end - first));
                bool isShort = length < _options.NgramWords;
                if (run < 0 || (isShort && !window.IsWholeSentence(length)))
                    continue;
                (runs ??= []).Add(run);
                Join(passages, first, end);
            }
        }

        return runs is null ? [] : [.. runs.Order()];
    }

    static void Join(List<(int First, int End)> passages, int first, int end)
    {
        if (passages.Count > 0 && first <= passages[^1].End)
            passages[^1] = (passages[^1].First, Math.Max(end, passages[^1].End));
        else
            passages.Add((first, end));
    }

    List<string> Left(string text, List<(int First, int End)> passages)
    {
        List<string> pieces = [];
        if (_options.Mode == ContaminationMode.Document)
            return pieces;
        int start = 0;
        foreach ((int first, int end) in passages)
        {
            AddPiece(pieces, text, start, WordEdge(text, (long)first - _options.MarginCharacters, -1));
            start = WordEdge(text, (long)end + _options.MarginCharacters, 1);
        }

        AddPiece(pieces, text, start, text.Length);
        return pieces.Count > _options.MaxPieces ? [] : pieces;
    }

    void AddPiece(List<string> pieces, string text, int start, int end)
    {
        if (end <= start)
            return;
        ReadOnlySpan<char> piece = text.AsSpan(start, end - start).Trim();
        if (!piece.IsEmpty && piece.Length >= _options.MinPieceCharacters)
            pieces.Add(piece.ToString());
    }

    /// <summary>The nearest place in a direction, from here on, that is within no word; in text without spaces, a place
    /// not far away.</summary>
    static int WordEdge(string text, long from, int direction)
    {
        int at = (int)Math.Clamp(from, 0, text.Length);
        for (int steps = 0; steps < FarthestEdge && at > 0 && at < text.Length && !char.IsWhiteSpace(text[at]); steps++)
            at += direction;
        return at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at + direction : at;
    }
}
