namespace Cria.Data.Tests;

public sealed class KeyedPermutationTests
{
    [Fact]
    public void Every_small_count_is_shuffled_one_to_one()
    {
        for (long count = 1; count <= 300; count++)
            AssertOneToOne(new KeyedPermutation((ulong)count * 77, count));
    }

    [Theory]
    [InlineData(1023), InlineData(1024), InlineData(1025), InlineData(65_537), InlineData(200_003)]
    public void Larger_counts_are_shuffled_one_to_one(long count) => AssertOneToOne(new KeyedPermutation(5, count));

    [Fact]
    public void Numbers_near_the_end_of_a_huge_domain_stay_inside()
    {
        const long Count = (1L << 61) + 12_345;
        var shuffle = new KeyedPermutation(9, Count);
        for (long i = Count - 1000; i < Count; i++)
            Assert.InRange(shuffle[i], 0, Count - 1);
    }

    [Fact]
    public void Seed_data_and_epoch_each_change_the_order()
    {
        string data = new('a', 64), otherData = new string('a', 63) + 'b';
        var first = new KeyedPermutation(1, data, 0, 10_000);
        KeyedPermutation[] others =
        [
            new(2, data, 0, 10_000), new(1, otherData, 0, 10_000), new(1, data, 1, 10_000),
        ];
        foreach (KeyedPermutation other in others)
            Assert.InRange(Agreements(first, other), 0, 20); // one is expected by chance
        Assert.Equal(10_000, Agreements(first, new KeyedPermutation(1, data, 0, 10_000)));
    }

    [Fact]
    public void Neighbours_are_scattered_evenly()
    {
        const int Count = 100_000;
        var shuffle = new KeyedPermutation(3, Count);
        var bins = new int[10];
        for (long i = 0; i < 10_000; i++)
            bins[shuffle[i] / (Count / 10)]++;
        Assert.All(bins, bin => Assert.InRange(bin, 850, 1150)); // five standard deviations around 1,000
    }

    [Fact]
    public void Numbers_outside_are_refused()
    {
        var shuffle = new KeyedPermutation(1, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => shuffle[10]);
        Assert.Throws<ArgumentOutOfRangeException>(() => shuffle[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedPermutation(1, 0));
    }

    static int Agreements(KeyedPermutation a, KeyedPermutation b)
    {
        int equal = 0;
        for (long i = 0; i < a.Count; i++)
            equal += a[i] == b[i] ? 1 : 0;
        return equal;
    }

    static void AssertOneToOne(KeyedPermutation shuffle)
    {
        var seen = new bool[shuffle.Count];
        for (long i = 0; i < shuffle.Count; i++)
        {
            long place = shuffle[i];
            if (seen[place])
                Assert.Fail($"{place} appears twice among {shuffle.Count}");
            seen[place] = true;
        }
    }
}
