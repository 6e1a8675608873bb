using System.Buffers.Binary;
using Cria.Engine.Tensors;

namespace Cria.Interop.Tests.HuggingFace;

/// <summary>safetensors files by hand: every number type, and everything a hostile file may say.</summary>
public sealed class SafetensorsTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

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

    [Theory]
    [InlineData("not JSON at all")]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("{\"x\": 7}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\"}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,16]}}")]
    [InlineData("{\"x\": {\"dtype\":7,\"shape\":[4],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-4,12]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[4,20]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,9223372036854775807]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,1e30]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[-2,-2],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[99999999999],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647,2147483647],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}")] // 0 in 64 bits
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}")]
    [InlineData("{\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"x\": {\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"__metadata__\": [1]}")]
    [InlineData("{\"__metadata__\": {\"a\": 1}}")]
    public void A_hostile_header_is_refused_in_a_sentence_that_names_the_file(string header)
    {
        string path = _folder.Safetensors("hostile.safetensors", header, new byte[16]);
        ConfigJsonTests.Refused(path, () => new SafetensorsReader(path).Dispose());
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
