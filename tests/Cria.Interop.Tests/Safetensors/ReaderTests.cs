using System.Buffers.Binary;
using Cria.Engine.Tensors;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Safetensors;

/// <summary>safetensors files by hand: every number type, and everything a hostile file may say.</summary>
public sealed class ReaderTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_cannot_be_written_makes_no_file()
    {
        Assert.Throws<ArgumentException>(() => new SafetensorsWriter(_folder["i"], [("a", new Shape(2))], DType.I32).Dispose());
        Assert.False(File.Exists(_folder["i"]));
    }

    [Fact]
    public void Half_brain_single_and_double_precision_are_read_as_the_numbers_they_are()
    {
        float[] numbers = [1, -2, 0.5f, 1.5e-3f, -65504, 0];
        byte[] bf16 = new byte[12], f16 = new byte[12], f32 = new byte[24], f64 = new byte[48];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bf16.AsSpan(2 * i), (ushort)(BitConverter.SingleToUInt32Bits(numbers[i]) >> 16));
            BinaryPrimitives.WriteHalfLittleEndian(f16.AsSpan(2 * i), (Half)numbers[i]);
            BinaryPrimitives.WriteSingleLittleEndian(f32.AsSpan(4 * i), numbers[i]);
            BinaryPrimitives.WriteDoubleLittleEndian(f64.AsSpan(8 * i), numbers[i]);
        }
        string path = _folder.Safetensors("x", """
            {"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"h":{"dtype":"F16","shape":[6],"data_offsets":[12,24]},
             "s":{"dtype":"F32","shape":[6],"data_offsets":[24,48]},"d":{"dtype":"F64","shape":[6],"data_offsets":[48,96]},
             "i":{"dtype":"I64","shape":[0],"data_offsets":[96,96]},"__metadata__":{"format":"pt"}}
            """, [.. bf16, .. f16, .. f32, .. f64]);
        using var file = new SafetensorsReader(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([2, 3], file.Find("b").Sizes);
        Assert.Equal(numbers, Read(file, "s"));
        Assert.Equal(numbers, Read(file, "d"));
        Assert.Equal(numbers.Select(x => (float)(Half)x), Read(file, "h"));
        Assert.Equal(numbers.Select(x => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) & 0xFFFF0000)), Read(file, "b"));
        ConfigJsonTests.Refused("I64", () => file.Find("i"));
        ConfigJsonTests.Refused("no tensor named z", () => file.Find("z"));
        ConfigJsonTests.Refused("5 were expected", () => file.Read(file.Find("s"), new float[5]));
    }

    [Fact]
    public void A_tensor_is_read_from_anywhere_in_it_and_across_the_windows_that_are_mapped()
    {
        float[] numbers = [.. Enumerable.Range(0, 3_000_001).Select(i => (float)i)]; // 12 MB: several windows
        using (var writer = new SafetensorsWriter(_folder["wide"], [("x", new(numbers.Length))]))
        {
            writer.Append(numbers);
            writer.Complete();
        }
        using var file = new SafetensorsReader(_folder["wide"]);
        var entry = file.Find("x");
        foreach (long first in (long[])[2_999_990, 0, 1_048_570, 16_379, 3_000_001])
        {
            float[] some = new float[Math.Min(1_100_000, numbers.Length - first)];
            file.Read(entry, first, some);
            Assert.True(some.AsSpan().SequenceEqual(numbers.AsSpan((int)first, some.Length)), $"from {first}");
        }
        Assert.Throws<ArgumentException>(() => file.Read(entry, 1, new float[numbers.Length]));
    }

    [Fact]
    public void What_is_written_as_bf16_is_the_nearest_of_every_number()
    {
        float[] numbers = [1, 1.00390625f, 1.01171875f, -3.3895314e38f, 1e-40f, float.NegativeInfinity, 0.1f];
        using (var writer = new SafetensorsWriter(_folder["b"], [("x", new(numbers.Length))], DType.BF16))
        {
            writer.Begin();
            writer.AppendPiece(numbers.AsSpan(0, 3));
            writer.AppendPiece(numbers.AsSpan(3));
            writer.Complete();
        }
        using var file = new SafetensorsReader(_folder["b"]);
        Assert.Equal(numbers.Select(x => Rounding.Widened(Rounding.Nearest(x))), Read(file, "x"));
        Assert.Equal(2 * numbers.Length, file.Find("x").Bytes);
    }

    [Theory]
    [InlineData("marian-tiny-random.safetensors", 86, 707_324), InlineData("phi-tiny-random.safetensors", 33, 323_520)]
    public void Files_that_other_programs_wrote_are_read_to_the_last_byte(string name, int tensors, long bytes)
    {
        string path = Path.Combine(TestData.Root, "checkpoints", name);
        TestData.Need(path);
        using var file = new SafetensorsReader(path);
        Assert.Equal(tensors, file.Entries.Count);
        Assert.Equal(bytes, file.Entries.Values.Max(entry => entry.Offset + entry.Bytes));
        foreach (var entry in file.Entries.Values)
            Assert.All(Read(file, entry.Name), number => Assert.True(float.IsFinite(number)));
    }

    [Theory]
    [InlineData(ulong.MaxValue), InlineData(1ul << 63), InlineData(1ul << 40), InlineData(100ul), InlineData(200_000_000ul)]
    public void A_header_longer_than_the_file_is_refused_before_memory_is_taken(ulong length)
    {
        string path = _folder.Safetensors("long.safetensors", "{}", new byte[16], length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ConfigJsonTests.Refused(path, () => new SafetensorsReader(path).Dispose());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_in_a_sentence()
    {
        string whole = _folder.Safetensors("whole", "{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", new byte[16]);
        byte[] bytes = File.ReadAllBytes(whole);
        new SafetensorsReader(whole).Dispose();
        for (int length = 0; length < bytes.Length; length++)
        {
            string path = _folder["cut.safetensors"];
            File.WriteAllBytes(path, bytes[..length]);
            ConfigJsonTests.Refused(path, () => new SafetensorsReader(path).Dispose());
        }
    }

    [Fact]
    public void Brackets_a_thousand_deep_are_refused_and_do_not_end_the_process()
    {
        string path = _folder.Safetensors("deep.safetensors", "{\"x\":" + new string('[', 100_000), []);
        ConfigJsonTests.Refused(path, () => new SafetensorsReader(path).Dispose());
    }

    static float[] Read(SafetensorsReader file, string name)
    {
        var entry = file.Find(name);
        float[] values = new float[entry.Length];
        file.Read(entry, values);
        return values;
    }
}
