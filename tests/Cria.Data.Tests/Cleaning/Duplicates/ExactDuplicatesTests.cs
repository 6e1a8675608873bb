using Cria.Data.Cleaning.Duplicates;

namespace Cria.Data.Tests.Cleaning.Duplicates;

public sealed class ExactDuplicatesTests
{
    [Fact]
    public void It_says_what_a_hash_set_says()
    {
        var expected = new HashSet<UInt128>();
        var seen = new ExactDuplicates();
        for (ulong i = 0; i < 200_000; i++)
        {
            // Hashes that crowd: few parts, few slots, zero among them.
            UInt128 hash = new(KeyedHash.Mix(i % 70_000) & 0x0F00_0000_0000_0003, KeyedHash.Mix(i % 90_000) & ~0xFFFUL);
            hash = i % 50_000 == 7 ? 0 : hash;
            Assert.Equal(expected.Add(hash), seen.Add(hash));
            Assert.Equal(expected.Count, seen.Count);
        }
    }

    [Fact]
    public void Memory_stays_below_the_stated_bytes_a_document_at_every_size()
    {
        var seen = new ExactDuplicates();
        for (ulong i = 1; i <= 1_000_000; i++)
        {
            Assert.True(seen.Add(new UInt128(KeyedHash.Mix(i), KeyedHash.Mix(~i))));
            double bound = (ExactDuplicates.MaxBytesPerDocument * 1.02 * i) + (1 << 17); // parts are not quite even
            if (i % 997 == 0)
                Assert.True(seen.SizeInBytes <= bound, $"{seen.SizeInBytes} bytes for {i}");
        }

        Assert.InRange(seen.SizeInBytes, 16_000_000, 25_500_000);
        Assert.Equal(25, ExactDuplicates.MaxBytesPerDocument);
    }

    /// <summary>As many texts as OpenWebText has, in 200 MB.</summary>
    [Fact]
    public void Eight_million_texts_take_two_hundred_megabytes()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        const int documents = 8_013_769;
        var seen = new ExactDuplicates();
        for (ulong i = 1; i <= documents; i++)
            seen.Add(new UInt128(KeyedHash.Mix(i), KeyedHash.Mix(~i)));
        Assert.Equal(documents, seen.Count);
        Assert.InRange(seen.SizeInBytes, 20L * documents, 25L * documents);
    }
}
