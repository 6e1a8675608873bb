using System.Text;
using Cria.Data.Parquet.Codecs;
using Cria.Data.Parquet.Encodings;

namespace Cria.Data.Tests.Parquet;

public sealed class EncodingTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    [InlineData(8), InlineData(17), InlineData(31), InlineData(32)]
    public void Numbers_in_runs_and_in_groups_come_back_at_every_width(int width)
    {
        var random = new Random(width);
        var numbers = new List<int>();
        var bytes = new List<byte>();
        for (int run = 0; run < 40; run++)
        {
            if (random.Next(2) == 0)
                Repeat(bytes, numbers, Number(random, width), random.Next(1, 300), width);
            else
                Pack(bytes, numbers, [.. Enumerable.Range(0, 8 * random.Next(1, 20)).Select(_ => Number(random, width))], width);
        }

        var decoder = new HybridDecoder(bytes.ToArray(), width);
        var read = new int[numbers.Count];
        for (int done = 0; done < read.Length;)
        {
            int count = Math.Min(random.Next(1, 50), read.Length - done);
            decoder.Read(read.AsSpan(done, count));
            done += count;
        }

        Assert.Equal(numbers, read);
        Assert.Throws<InvalidDataException>(() => decoder.Read(new int[1]));
    }

    [Fact]
    public void The_examples_of_the_format_for_delta_encoded_numbers_come_back()
    {
        // Encodings.md: 1, 2, 3, 4, 5 and 7, 5, 3, 1, 2, 3, 4, 5, in blocks of 128 with four parts.
        Assert.Equal([1, 2, 3, 4, 5], Lengths([0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0]));
        Assert.Equal([7, 5, 3, 1, 2, 3, 4, 5], Lengths([0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void Values_share_beginnings_as_the_format_says()
    {
        // Encodings.md: axis, axle, babble, babyhood share 0, 2, 0, 3 bytes; the rest of each has 4, 2, 6, 5.
        byte[] shared = [0x80, 1, 4, 4, 0, 3, 3, 0, 0, 0, .. Packed([4, 0, 5], 3)];
        byte[] suffixes = [0x80, 1, 4, 4, 8, 3, 3, 0, 0, 0, .. Packed([0, 6, 1], 3)];
        var decoder = new DeltaByteArrayDecoder((byte[])[.. shared, .. suffixes, .. "axislebabbleyhood"u8], count: 4);
        var ranges = new ByteRange[4];
        Assert.Equal(4, decoder.Read(ranges, long.MaxValue, out ReadOnlyMemory<byte> bytes));
        IEnumerable<string> values = ranges.Select(range => Encoding.ASCII.GetString(bytes.Span.Slice(range.Start, range.Length)));
        Assert.Equal(["axis", "axle", "babble", "babyhood"], values);
    }

    [Fact]
    public void Snappy_and_LZ4_copy_into_themselves()
    {
        // A literal "ab" and a copy of 18 from two bytes before; the same in LZ4, whose last literals stand alone.
        byte[] expected = [.. Enumerable.Repeat("ab"u8.ToArray(), 10).SelectMany(ab => ab), (byte)'!'];
        byte[] snappy = [21, 4, (byte)'a', (byte)'b', (17 << 2) | 2, 2, 0, 0, (byte)'!'];
        byte[] lz4 = [0x2E, (byte)'a', (byte)'b', 2, 0, 0x10, (byte)'!'];
        var output = new byte[21];
        SnappyBlock.Unpack(snappy, output);
        Assert.Equal(expected, output);
        Array.Clear(output);
        Lz4Block.Unpack(lz4, output);
        Assert.Equal(expected, output);
    }

    [Fact]
    public void Copies_from_every_distance_at_every_length_are_those_of_a_plain_loop()
    {
        var random = new Random(7);
        for (int offset = 1; offset < 40; offset++)
        {
            for (int length = 1; length < 70; length++)
            {
                byte[] expected = new byte[40 + length + random.Next(40)], actual = new byte[expected.Length];
                random.NextBytes(expected.AsSpan(0, 40));
                expected.AsSpan(0, 40).CopyTo(actual);
                for (int i = 0; i < length; i++)
                    expected[40 + i] = expected[40 + i - offset];
                BackCopy.Copy(actual, 40, offset, length);
                Assert.Equal(expected[..(40 + length)], actual[..(40 + length)]);
            }
        }
    }

    static List<int> Lengths(byte[] bytes)
    {
        var numbers = new DeltaIntegers(bytes, maxCount: 100);
        var list = new List<int>();
        while (list.Count < numbers.Count)
            list.Add(numbers.Next());
        return list;
    }

    static int Number(Random random, int width) => width == 0 ? 0 : (int)(random.NextInt64() & ((1L << width) - 1));

    static void Repeat(List<byte> bytes, List<int> numbers, int number, int count, int width)
    {
        Varint(bytes, (uint)count << 1);
        for (int i = 0; i < (width + 7) / 8; i++)
            bytes.Add((byte)(number >> (8 * i)));
        numbers.AddRange(Enumerable.Repeat(number, count));
    }

    static void Pack(List<byte> bytes, List<int> numbers, int[] packed, int width)
    {
        Varint(bytes, ((uint)packed.Length / 8 << 1) | 1);
        bytes.AddRange(Packed(packed, width));
        numbers.AddRange(packed);
    }

    /// <summary>Bits one by one, the lowest first; whole groups of 32, as miniblocks have them, where fewer are given.</summary>
    static byte[] Packed(int[] numbers, int width)
    {
        int count = numbers.Length % 8 == 0 ? numbers.Length : 32;
        var bytes = new byte[count * width / 8];
        for (int i = 0; i < numbers.Length * width; i++)
            bytes[i / 8] |= (byte)(((numbers[i / width] >> (i % width)) & 1) << (i % 8));
        return bytes;
    }

    static void Varint(List<byte> bytes, uint value)
    {
        for (; value > 127; value >>= 7)
            bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
    }
}
