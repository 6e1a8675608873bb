using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Tensors;

public sealed class PhiloxTests
{
    // The known answers that the authors publish with Random123 for philox4x32-10.
    [Theory]
    [InlineData(0ul, 0ul, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x299f31d0_a4093822ul, 0x85a308d3_243f6a88ul, 0x03707344_13198a2eul,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Words_are_the_published_ones(ulong key, ulong counter, ulong stream, uint a, uint b, uint c, uint d) =>
        Assert.Equal((a, b, c, d), new Philox(key).Words(counter, stream));

    [Fact]
    public void Normal_numbers_have_the_moments_of_a_normal_distribution()
    {
        const int Count = 100_000;
        var random = Philox.For(11, "moments");
        double[] powers = new double[5];
        for (int i = 0; i < Count; i++)
        {
            double x = random.Normal((ulong)i);
            for (int p = 1; p < powers.Length; p++)
                powers[p] += Math.Pow(x, p) / Count;
        }
        // Tolerances are five standard errors of each moment: √(1, 2, 15, 96 / Count).
        Assert.Equal(0, powers[1], 5 * Math.Sqrt(1.0 / Count));
        Assert.Equal(1, powers[2], 5 * Math.Sqrt(2.0 / Count));
        Assert.Equal(0, powers[3], 5 * Math.Sqrt(15.0 / Count));
        Assert.Equal(3, powers[4], 5 * Math.Sqrt(96.0 / Count));
    }

    [Fact]
    public void Uniform_numbers_fill_the_unit_interval_evenly()
    {
        const int Count = 64_000;
        var random = Philox.For(11, "uniform");
        int[] bins = new int[64];
        for (int i = 0; i < Count; i++)
            bins[(int)(random.Uniform((ulong)i) * bins.Length)]++;
        double chiSquare = bins.Sum(n => (n - 1000.0) * (n - 1000.0) / 1000);
        Assert.InRange(chiSquare, 25, 120); // 63 degrees of freedom
    }

    [Fact]
    public void Names_and_seeds_give_streams_of_their_own()
    {
        var words = new HashSet<uint>();
        foreach (string name in new[] { "a", "b", "ab", "layers.0", "layers.1" })
            foreach (ulong seed in new ulong[] { 0, 1, 2 })
                Assert.True(words.Add(Philox.For(seed, name).Words(0).A));
        Assert.Equal(Philox.For(1, "a").Words(9), Philox.For(1, "a").Words(9));
    }
}
