using System.Runtime.InteropServices;

namespace Cria.Data.Cleaning.Filters;

/// <summary>
/// The repetition filter of Gopher (Rae et al. 2021, appendix A1.1, table A1), with its thresholds. A line, paragraph or n-gram is a
/// duplicate from its second occurrence on; an n-gram is n words; shares of characters leave white space out. Pieces are told apart by
/// 64-bit hashes.
/// </summary>
public sealed record GopherRepetition : IDocumentFilter
{
    /// <inheritdoc/>
    public string Name => "Gopher repetition";

    /// <summary>The greatest share of lines, and of paragraphs, that are duplicates.</summary>
    public double MaxDuplicateLines { get; init; } = 0.3;

    /// <summary>The greatest share of characters in duplicate lines, and in duplicate paragraphs.</summary>
    public double MaxDuplicateLineCharacters { get; init; } = 0.2;

    /// <summary>The greatest shares of characters in the most frequent n-gram, n = 2, 3, 4.</summary>
    public double[] MaxTopNGram { get; init; } = [0.20, 0.18, 0.16];

    /// <summary>The greatest shares of characters in duplicate n-grams, n = 5 … 10.</summary>
    public double[] MaxDuplicateNGrams { get; init; } = [0.15, 0.14, 0.13, 0.12, 0.11, 0.10];

    /// <inheritdoc/>
    public string? Reason(string text) => OfPieces(text, "\n", "lines") ?? OfPieces(text, "\n\n", "paragraphs") ?? OfNGrams(text);

    string? OfPieces(string text, string separator, string kind)
    {
        long pieces = 0, duplicates = 0, characters = 0, duplicated = 0;
        HashSet<ulong> seen = [];
        foreach (Range range in text.AsSpan().Split(separator))
        {
            ReadOnlySpan<char> piece = text.AsSpan(range).Trim();
            if (piece.IsEmpty)
                continue;
            (ulong hash, int length) = Hash(piece);
            pieces++;
            characters += length;
            if (seen.Add(hash))
                continue;
            duplicates++;
            duplicated += length;
        }

        if (duplicates > MaxDuplicateLines * pieces)
            return $"{FilterText.Percent((double)duplicates / pieces)} of its {kind} are duplicates";
        return duplicated > MaxDuplicateLineCharacters * characters
            ? $"{FilterText.Percent((double)duplicated / characters)} of its characters are in duplicate {kind}"
            : null;
    }

    string? OfNGrams(string text)
    {
        List<ulong> hashes = [];
        List<int> lengths = [];
        long characters = 0;
        foreach (Range range in new TextWords(text))
        {
            (ulong hash, int length) = Hash(text.AsSpan(range));
            hashes.Add(hash);
            lengths.Add(length);
            characters += length;
        }

        var words = new NGrams(CollectionsMarshal.AsSpan(hashes), CollectionsMarshal.AsSpan(lengths));
        for (int i = 0; i < MaxTopNGram.Length; i++)
        {
            double share = words.TopCharacters(i + 2) / Math.Max(1.0, characters);
            if (share > MaxTopNGram[i])
                return $"{FilterText.Percent(share)} of its characters are in one repeated {i + 2}-gram";
        }

        words = new NGrams(CollectionsMarshal.AsSpan(hashes), CollectionsMarshal.AsSpan(lengths)); // n begins anew, below the last
        for (int i = 0; i < MaxDuplicateNGrams.Length; i++)
        {
            double share = words.DuplicateCharacters(i + 5) / Math.Max(1.0, characters);
            if (share > MaxDuplicateNGrams[i])
                return $"{FilterText.Percent(share)} of its characters are in duplicate {i + 5}-grams";
        }

        return null;
    }

    static (ulong Hash, int Length) Hash(ReadOnlySpan<char> piece)
    {
        ulong hash = 0;
        int length = 0;
        foreach (char c in piece)
        {
            hash = KeyedHash.Mix((hash << 16 | hash >> 48) ^ c);
            length += char.IsWhiteSpace(c) ? 0 : 1;
        }

        return (hash, length);
    }

    /// <summary>Runs of n words of one text; n only grows.</summary>
    ref struct NGrams(ReadOnlySpan<ulong> words, ReadOnlySpan<int> lengths)
    {
        readonly ReadOnlySpan<ulong> _words = words;
        readonly ReadOnlySpan<int> _lengths = lengths;
        readonly ulong[] _runs = words.ToArray(); // the hash of the run that begins at each word
        int _n = 1;

        /// <summary>Characters in all occurrences of the n-gram that occurs most often, at least twice; of several, the most.</summary>
        public long TopCharacters(int n)
        {
            ReadOnlySpan<ulong> runs = Runs(n);
            var counts = new Dictionary<ulong, int>(runs.Length);
            int most = 1;
            long characters = 0, all = Sum(0, _lengths.Length);
            for (int i = 0; i < runs.Length; i++)
            {
                int count = ++CollectionsMarshal.GetValueRefOrAddDefault(counts, runs[i], out _);
                if (count < 2 || count < most)
                    continue;
                long here = Math.Min(Sum(i, n) * count, all); // overlapping occurrences share characters
                characters = count > most ? here : Math.Max(characters, here);
                most = count;
            }

            return characters;
        }

        /// <summary>Characters in n-grams that stood earlier in the text, each character once.</summary>
        public long DuplicateCharacters(int n)
        {
            ReadOnlySpan<ulong> runs = Runs(n);
            var seen = new HashSet<ulong>(runs.Length);
            long characters = 0;
            int covered = 0; // words before this one are counted or not duplicated
            for (int i = 0; i < runs.Length; i++)
            {
                if (seen.Add(runs[i]))
                    continue;
                int from = Math.Max(i, covered);
                characters += Sum(from, i + n - from);
                covered = i + n;
            }

            return characters;
        }

        // Of n words from those of n - 1: each word is hashed once a length, not n times.
        ReadOnlySpan<ulong> Runs(int n)
        {
            for (; _n < n; _n++)
            {
                for (int i = 0; i + _n < _runs.Length; i++)
                    _runs[i] = KeyedHash.Combine(_runs[i], _words[i + _n]);
            }

            return _runs.AsSpan(0, Math.Max(0, _runs.Length - n + 1));
        }

        readonly long Sum(int start, int count)
        {
            long sum = 0;
            foreach (int length in _lengths.Slice(start, count))
                sum += length;
            return sum;
        }
    }
}
