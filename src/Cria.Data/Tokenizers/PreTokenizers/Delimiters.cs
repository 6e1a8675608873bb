namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>Cuts text at delimiters.</summary>
static class Delimiters
{
    /// <param name="piece">What to cut.</param>
    /// <param name="delimiters">From left to right, none overlapping another.</param>
    /// <param name="behavior">What becomes of them.</param>
    /// <param name="isInverted">Whether what lies between the delimiters is the delimiter.</param>
    /// <param name="words">Receives the words.</param>
    public static void Cut(
        TextPiece piece,
        IEnumerable<(int Start, int Length)> delimiters,
        SplitBehavior behavior,
        bool isInverted,
        ICollection<TextPiece> words)
    {
        List<Stretch> stretches = Stretches(piece.Text.Length, delimiters, isInverted);
        if (behavior == SplitBehavior.Removed)
            stretches.RemoveAll(stretch => stretch.IsDelimiter);
        else if (behavior == SplitBehavior.MergedWithNext)
            stretches = MergedWithNext(stretches);
        else if (behavior != SplitBehavior.Isolated)
            stretches = MergedWithPrevious(stretches, behavior == SplitBehavior.Contiguous);
        foreach (Stretch stretch in stretches)
            if (stretch.End > stretch.Start)
                words.Add(new TextPiece(piece.Text[stretch.Start..stretch.End], piece.IsFirst && stretch.Start == 0));
    }

    static List<Stretch> Stretches(int length, IEnumerable<(int Start, int Length)> delimiters, bool isInverted)
    {
        List<Stretch> stretches = [];
        int end = 0;
        foreach ((int start, int delimiter) in delimiters)
        {
            if (start > end)
                stretches.Add(new Stretch(end, start, isInverted));
            stretches.Add(new Stretch(start, start + delimiter, !isInverted));
            end = start + delimiter;
        }
        if (length > end)
            stretches.Add(new Stretch(end, length, isInverted));
        return stretches;
    }

    /// <summary>Joins a delimiter to what stands before it, or (contiguous) everything to its own kind.</summary>
    static List<Stretch> MergedWithPrevious(List<Stretch> stretches, bool isContiguous)
    {
        List<Stretch> merged = [];
        bool wasDelimiter = false;
        foreach (Stretch stretch in stretches)
        {
            bool joins = isContiguous ? stretch.IsDelimiter == wasDelimiter : stretch.IsDelimiter && !wasDelimiter;
            if (joins && merged.Count > 0)
                merged[^1] = merged[^1] with { End = stretch.End };
            else
                merged.Add(stretch);
            wasDelimiter = stretch.IsDelimiter;
        }
        return merged;
    }

    static List<Stretch> MergedWithNext(List<Stretch> stretches)
    {
        List<Stretch> merged = [];
        bool wasDelimiter = false;
        for (int i = stretches.Count - 1; i >= 0; i--)
        {
            Stretch stretch = stretches[i];
            if (stretch.IsDelimiter && !wasDelimiter && merged.Count > 0)
                merged[^1] = merged[^1] with { Start = stretch.Start };
            else
                merged.Add(stretch);
            wasDelimiter = stretch.IsDelimiter;
        }
        merged.Reverse();
        return merged;
    }

    readonly record struct Stretch(int Start, int End, bool IsDelimiter);
}
