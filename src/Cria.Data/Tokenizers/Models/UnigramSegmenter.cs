namespace Cria.Data.Tokenizers.Models;

/// <summary>
/// Finds the division of greatest total score by dynamic programming (Viterbi): the best way to reach every place in
/// the text, from left to right. Sums are rounded as the model's own library rounds them, so that ties fall alike.
/// </summary>
sealed class UnigramSegmenter(UnigramTables tables) : ISegmenter
{
    const int LargestKept = 1 << 16;

    Arrival[] _best = [];

    public int Segment(ReadOnlySpan<byte> text, Span<int> ids)
    {
        if (_best.Length <= text.Length || _best.Length > LargestKept)
            _best = new Arrival[Math.Max(256, text.Length + 1)];
        Span<Arrival> best = _best.AsSpan(0, text.Length + 1);
        best.Fill(new Arrival(0, -1, -1));
        for (int start = 0; start < text.Length;)
        {
            Utf8Characters.First(text[start..], out int character);
            Extend(text, best, start, character);
            start += character;
        }
        int count = WalkBack(text, best, ids);
        return tables.JoiningId < 0 ? count : Joined(ids[..count]);
    }

    void Extend(ReadOnlySpan<byte> text, Span<Arrival> best, int start, int character)
    {
        double before = best[start].Score;
        bool isCovered = false;
        int node = ByteTrie.Root;
        for (int end = start; end < text.Length && (node = tables.Pieces.Step(node, text[end])) >= 0;)
        {
            end++;
            int id = tables.Pieces.Value(node);
            if (id < 0)
                continue;
            isCovered |= end - start == character;
            Arrive(ref best[end], before + tables.Score(id), start, id);
        }
        if (!isCovered)
            Arrive(ref best[start + character], before + tables.UnknownScore, start, Arrival.Unknown);
    }

    void Arrive(ref Arrival best, double score, int start, int id)
    {
        if (best.Start < 0 || score > best.Score)
            best = new Arrival(tables.Kept(score), start, id);
    }

    int WalkBack(ReadOnlySpan<byte> text, Span<Arrival> best, Span<int> ids)
    {
        int count = 0;
        for (int end = text.Length; end > 0;) // the ids of the last piece first
        {
            Arrival arrival = best[end];
            int written = 1;
            if (arrival.Id == Arrival.Unknown)
            {
                written = tables.Fallback(text[arrival.Start..end], ids[count..]);
                ids.Slice(count, written).Reverse();
            }
            else
                ids[count] = arrival.Id;
            count += written;
            end = arrival.Start;
        }
        ids[..count].Reverse();
        return count;
    }

    int Joined(Span<int> ids)
    {
        int count = 0;
        foreach (int id in ids)
            if (id != tables.JoiningId || count == 0 || ids[count - 1] != id)
                ids[count++] = id;
        return count;
    }

    readonly record struct Arrival(double Score, int Start, int Id)
    {
        public const int Unknown = -1;
    }
}
