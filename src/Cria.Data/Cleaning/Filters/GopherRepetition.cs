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

    /// <summary>Runs of n words of one text.</summary>
    readonly ref struct NGrams(ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> lengths)
    {
        readonly ReadOnlySpan<ulong> _hashes = hashes;
        readonly ReadOnlySpan<int> _lengths = lengths;

        /// <summary>Characters in all occurrences of the n-gram that occurs most often, at least twice; of several, the most.</summary>
        public long TopCharacters(int n)
        {
            Dictionary<ulong, int> counts = [];
            int most = 1;
            long characters = 0, all = Sum(0, _lengths.Length);
            for (int i = 0; i + n <= _hashes.Length; i++)
            {
                int count = ++CollectionsMarshal.GetValueRefOrAddDefault(counts, Hash(i, n), out _);
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
            HashSet<ulong> seen = [];
            long characters = 0;
            int covered = 0; // words before this one are counted or not duplicated
            for (int i = 0; i + n <= _hashes.Length; i++)
            {
                if (seen.Add(Hash(i, n)))
                    continue;
                int from = Math.Max(i, covered);
                characters += Sum(from, i + n - from);
                covered = i + n;
            }

            return characters;
        }

        ulong Hash(int start, int n)
        {
            ulong hash = (ulong)n;
            foreach (ulong word in _hashes.Slice(start, n))
                hash = KeyedHash.Combine(hash, word);
            return hash;
        }

        long Sum(int start, int count)
        {
            long sum = 0;
            foreach (int length in _lengths.Slice(start, count))
                sum += length;
            return sum;
        }
    }
}
