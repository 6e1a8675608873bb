using System.Collections.Frozen;

namespace Cria.Data.Cleaning.Filters;

/// <summary>
/// The quality filter of Gopher (Rae et al. 2021, "Scaling language models", appendix A1.1), with its thresholds. Words are runs of
/// what is no white space, lines those with something in them.
/// </summary>
public sealed record GopherQuality : IDocumentFilter
{
    static readonly FrozenSet<string> StopWords =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "the", "be", "to", "of", "and", "that", "have", "with");

    /// <inheritdoc/>
    public string Name => "Gopher quality";

    /// <summary>Words at least.</summary>
    public int MinWords { get; init; } = 50;

    /// <summary>Words at most.</summary>
    public int MaxWords { get; init; } = 100_000;

    /// <summary>Characters in the mean word, at least.</summary>
    public double MinMeanWordLength { get; init; } = 3;

    /// <summary>Characters in the mean word, at most.</summary>
    public double MaxMeanWordLength { get; init; } = 10;

    /// <summary>The most hashes a word, and the most ellipses a word.</summary>
    public double MaxSymbolsPerWord { get; init; } = 0.1;

    /// <summary>The greatest share of lines that begin with a bullet.</summary>
    public double MaxBulletLines { get; init; } = 0.9;

    /// <summary>The greatest share of lines that end with an ellipsis.</summary>
    public double MaxEllipsisLines { get; init; } = 0.3;

    /// <summary>The smallest share of words with a letter in them.</summary>
    public double MinAlphabeticWords { get; init; } = 0.8;

    /// <summary>How many of "the, be, to, of, and, that, have, with" must occur: a mild test for English prose. 0 for other
    /// languages.</summary>
    public int MinStopWords { get; init; } = 2;

    /// <inheritdoc/>
    public string? Reason(string text) => OfWords(text) ?? OfLines(text);

    string? OfWords(string text)
    {
        long words = 0, characters = 0, alphabetic = 0;
        int found = 0; // a bit for each stop word
        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> stopWords = StopWords.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Range range in new TextWords(text))
        {
            ReadOnlySpan<char> word = text.AsSpan(range);
            words++;
            characters += word.Length;
            alphabetic += HasLetter(word) ? 1 : 0;
            if (word.Length <= 6 && stopWords.TryGetValue(Bare(word), out string? stop))
                found |= 1 << StopWords.Items.IndexOf(stop);
        }

        if (words < MinWords || words > MaxWords)
            return $"{words} words";
        double mean = words == 0 ? 0 : (double)characters / words;
        if (words > 0 && (mean < MinMeanWordLength || mean > MaxMeanWordLength))
            return $"{FilterText.Number(mean)} characters in the mean word";
        if (alphabetic < MinAlphabeticWords * words)
            return $"{FilterText.Percent((double)alphabetic / words)} of its words have a letter";
        if (int.PopCount(found) < MinStopWords)
            return $"{int.PopCount(found)} of the commonest English words";
        (int hashes, int ellipses) = Symbols(text);
        if (hashes > MaxSymbolsPerWord * words)
            return $"{FilterText.Number((double)hashes / words)} hashes a word";
        return ellipses > MaxSymbolsPerWord * words ? $"{FilterText.Number((double)ellipses / words)} ellipses a word" : null;
    }

    string? OfLines(string text)
    {
        int lines = 0, bullets = 0, ellipses = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty)
                continue;
            lines++;
            bullets += line[0] is '•' or '‣' or '●' or '○' or '■' or '▪' or '*' or '-' ? 1 : 0;
            ellipses += line.EndsWith("...") || line[^1] == '…' ? 1 : 0;
        }

        if (bullets > MaxBulletLines * lines)
            return $"{FilterText.Percent((double)bullets / lines)} of its lines begin with a bullet";
        return ellipses > MaxEllipsisLines * lines
            ? $"{FilterText.Percent((double)ellipses / lines)} of its lines end with an ellipsis"
            : null;
    }

    static (int Hashes, int Ellipses) Symbols(string text)
    {
        int hashes = 0, ellipses = 0, dots = 0;
        foreach (char c in text)
        {
            hashes += c == '#' ? 1 : 0;
            dots = c == '.' ? dots + 1 : 0;
            ellipses += c == '…' ? 1 : 0;
            if (dots == 3)
                (ellipses, dots) = (ellipses + 1, 0);
        }

        return (hashes, ellipses);
    }

    static ReadOnlySpan<char> Bare(ReadOnlySpan<char> word) => word.Trim(".,;:!?\"'()[]");

    static bool HasLetter(ReadOnlySpan<char> word)
    {
        foreach (char c in word)
        {
            if (char.IsLetter(c) || char.IsSurrogate(c))
                return true;
        }

        return false;
    }
}
