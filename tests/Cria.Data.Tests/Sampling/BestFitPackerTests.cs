using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

public sealed class BestFitPackerTests
{
    [Fact]
    public void The_longest_comes_first_and_goes_where_it_leaves_the_least_room()
    {
        // 6 and 5 open sequences of 10; 4 fills the first to the brim, 3 fits the second, 2 its rest.
        Assert.Equal(["6 4", "5 3 2"], Packed(10, [2, 3, 4, 5, 6]));
        // 4 would fit both 5 and 6; best fit is 6, and so the next 4 and 1 fill 5 up: first fit would leave both open.
        Assert.Equal(["6 4", "5 4 1"], Packed(10, [1, 4, 4, 5, 6]));
        // A document of 12 is ten rows of one sequence and two of another: the picture in docs/sampling.md.
        Assert.Equal(["10", "6 4", "5 3 2"], Packed(10, [10, 2, 6, 5, 4, 3]));
    }

    [Theory]
    [InlineData(7), InlineData(64), InlineData(128), InlineData(1000)]
    public void It_is_as_good_as_a_plain_search_for_the_best_fit(int length)
    {
        int[] lengths = Lengths(3000, length);
        var rooms = new List<int>();
        foreach (int piece in lengths.OrderDescending())
        {
            int best = -1;
            for (int s = 0; s < rooms.Count; s++)
            {
                if (rooms[s] >= piece && (best < 0 || rooms[s] < rooms[best]))
                    best = s;
            }

            if (best < 0)
                rooms.Add(length - piece);
            else
                rooms[best] -= piece;
        }

        PackedSequences packed = Pack(length, lengths);
        Assert.Equal(rooms.Count, packed.Count);
        Assert.Equal(rooms.Order(), Enumerable.Range(0, (int)packed.Count).Select(s => length - Sum(packed[s])).Order());
    }

    [Theory]
    [InlineData(1), InlineData(10), InlineData(333), InlineData(1 << 20)]
    public void Every_piece_lies_in_one_sequence_and_none_is_overfull_whatever_the_window(int window)
    {
        int[] lengths = Lengths(2000, 50);
        PackedSequences packed = Pack(50, lengths, window);
        var seen = new List<long>();
        for (int s = 0; s < packed.Count; s++)
        {
            Assert.InRange(Sum(packed[s]), 1, 50);
            foreach (Piece piece in packed[s])
                seen.Add(piece.Start);
        }

        Assert.Equal(lengths.Length, packed.Pieces);
        Assert.Equal(lengths.Sum(), packed.Rows);
        Assert.Equal(Enumerable.Range(0, lengths.Length).Select(i => 100L * i), seen.Order());
    }

    [Fact]
    public void Documents_like_those_of_a_corpus_leave_less_than_one_row_in_a_thousand_empty()
    {
        // Log-normal lengths about a median of 300, cut at 1,024.
        int[] lengths = [.. Enumerable.Range(0, 50_000).SelectMany(i =>
        {
            double gauss = Enumerable.Range(0, 12).Sum(k => KeyedHash.Mix((ulong)(i * 12 + k)) / (double)ulong.MaxValue) - 6;
            int rows = 1 + (int)(300 * Math.Exp(1.2 * gauss));
            return Enumerable.Repeat(1024, rows / 1024).Append(rows % 1024).Where(n => n > 0);
        })];
        PackedSequences packed = Pack(1024, lengths);
        Assert.InRange(packed.Rows / (1024.0 * packed.Count), 0.999, 1);
        Assert.Equal(8 * lengths.Length + 4 * packed.Count, packed.SizeInBytes);
    }

    [Fact]
    public void A_piece_holds_the_longest_length_at_the_furthest_place()
    {
        var piece = new Piece(Piece.MaxStart, Piece.MaxLength);
        Assert.Equal((Piece.MaxStart, Piece.MaxLength), (piece.Start, piece.Length));
    }

    static int[] Lengths(int count, int most) =>
        [.. Enumerable.Range(0, count).Select(i => 1 + (int)KeyedHash.Below(KeyedHash.Mix((ulong)i), most))];

    static PackedSequences Pack(int sequenceLength, int[] lengths, int window = 1 << 20) =>
        BestFitPacker.Pack(lengths.Select((length, i) => new Piece(100L * i, length)), sequenceLength, window);

    static string[] Packed(int sequenceLength, int[] lengths)
    {
        PackedSequences packed = Pack(sequenceLength, lengths);
        return [.. Enumerable.Range(0, (int)packed.Count)
            .Select(s => string.Join(' ', packed[s].ToArray().Select(piece => piece.Length)))];
    }

    static int Sum(ReadOnlySpan<Piece> pieces)
    {
        int sum = 0;
        foreach (Piece piece in pieces)
            sum += piece.Length;
        return sum;
    }
}
