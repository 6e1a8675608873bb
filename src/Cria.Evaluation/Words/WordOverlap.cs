namespace Cria.Evaluation.Words;

/// <summary>The share of generated words that occur in the training text: a cheap check that a model of sub-word
/// tokens has learnt to spell. Words are maximal runs of letters and apostrophes, lower-cased; apostrophes at either
/// end are quotation marks and fall away, the curly one counts as the straight one.</summary>
public sealed class WordOverlap
{
    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The distinct words of the training text.</summary>
    public int KnownWords => _known.Count;

    /// <summary>Adds training text: whole lines or documents, because a word cut in two becomes two words.</summary>
    public void Learn(ReadOnlySpan<char> text)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (ReadOnlySpan<char> word in new WordReader(text))
            known.Add(word);
    }

    /// <summary>Looks up every word of a generated text.</summary>
    public WordOverlapResult Measure(ReadOnlySpan<char> text)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        int words = 0, found = 0;
        var unknown = new List<string>();
        foreach (ReadOnlySpan<char> word in new WordReader(text))
        {
            words++;
            if (known.Contains(word))
                found++;
            else if (word.ToString() is var missing && !unknown.Contains(missing))
                unknown.Add(missing);
        }

        return new WordOverlapResult(words, found, unknown);
    }
}

/// <param name="Words">The words of the generated text, repeated ones each time.</param>
/// <param name="Found">Those that occur in the training text.</param>
/// <param name="Unknown">The others, each once, in the order in which they came.</param>
public sealed record WordOverlapResult(int Words, int Found, IReadOnlyList<string> Unknown)
{
    /// <summary>Between 0 and 1; NaN where there are no words.</summary>
    public double Share => (double)Found / Words;
}
