using System.Text;
using Cria.Engine.Tensors;
using Cria.Interop.Gguf;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Gguf;

public sealed class GgufFileTests : IDisposable
{
    const uint U32 = 4, Text = 8, Array = 9;

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Metadata_of_every_type_comes_back()
    {
        var metadata = new GgufMetadataWriter();
        metadata.Add("a", byte.MaxValue);
        metadata.Add("b", sbyte.MinValue);
        metadata.Add("c", ushort.MaxValue);
        metadata.Add("d", short.MinValue);
        metadata.Add("e", uint.MaxValue);
        metadata.Add("f", int.MinValue);
        metadata.Add("g", 0.1f);
        metadata.Add("h", true);
        metadata.Add("i", "ä\n");
        metadata.Add("j", (ulong)long.MaxValue);
        metadata.Add("k", long.MinValue);
        metadata.Add("l", 0.1);
        metadata.AddArray("m", [Encoding.UTF8.GetBytes("x"), [], [0xFF]]);
        metadata.AddArray<int>("n", [1, -1]);
        metadata.AddArray<float>("o", []);
        metadata.AddArray<bool>("p", [true, false]);
        using var file = Written(metadata, []);
        var read = file.Metadata;

        Assert.Equal([255, -128, 65535, -32768, uint.MaxValue, int.MinValue], ((string[])["a", "b", "c", "d", "e", "f"]).Select(key => read.Whole(key)!.Value));
        Assert.Equal((0.1f, 0.1), (read.Real("g"), read.Real("l")));
        Assert.Equal((true, "ä\n"), (read.Flag("h"), read.Text("i")));
        Assert.Equal((long.MaxValue, long.MinValue), (read.Whole("j"), read.Whole("k")));
        Assert.Equal([[(byte)'x'], [], [0xFF]], read.Texts("m"));
        Assert.Equal([1, -1], read.Numbers<int>("n"));
        Assert.Empty(read.Numbers<float>("o"));
        Assert.Equal([true, false], read.Numbers<bool>("p"));
        Assert.Equal("abcdefghijklmnop".Select(c => c.ToString()), read.Keys);
        Assert.Null(read.Text("absent"));
        Assert.Null(read.Whole("absent"));
        Assert.Throws<ArgumentException>(() => metadata.Add("a", 1));
    }

    [Fact]
    public void A_value_asked_for_as_another_type_is_refused_with_both()
    {
        var metadata = new GgufMetadataWriter();
        metadata.Add("a", "text");
        metadata.Add("b", 1.5f);
        metadata.Add("c", ulong.MaxValue);
        metadata.AddArray<uint>("d", [1]);
        using var file = Written(metadata, []);
        Refused("a is Text", () => file.Metadata.Whole("a"));
        Refused("b is Float32", () => file.Metadata.Whole("b"));
        Refused("c is UInt64", () => file.Metadata.Whole("c"));
        Refused("d is an array of 1 UInt32", () => file.Metadata.Whole("d"));
        Refused("an array of Int32", () => file.Metadata.Numbers<int>("d"));
        Refused("an array of Text", () => file.Metadata.Texts("a"));
        Refused("has no e", () => file.Metadata.Texts("e"));
    }

    [Fact]
    public void Tensors_of_every_written_type_come_back_aligned()
    {
        (string, GgufTensorType, Shape)[] tensors =
        [
            ("one", GgufTensorType.F32, new(3)), ("two", GgufTensorType.F16, new(2, 5)), ("three", GgufTensorType.BF16, new(2, 3, 4)),
            ("four", GgufTensorType.Q8, new(2, 64)), ("five", GgufTensorType.F32, new(1, 1)),
        ];
        using var file = Written(new(), tensors);
        Assert.Equal(tensors.Select(t => t.Item1), file.Tensors.Keys);
        Assert.Equal([4L, 3, 2], file.Tensors["three"].Sizes);
        Assert.All(file.Tensors.Values, tensor => Assert.Equal(0, tensor.Offset % 32));
        foreach (var (name, type, shape) in tensors)
        {
            float[] numbers = new float[shape.Length];
            file.Read(file.Find(name), 0, numbers);
            float step = type == GgufTensorType.Q8 ? shape.Length / 127f : 0; // whole numbers below 2^8 are exact in the others
            Assert.All(numbers.Index(), number => Assert.InRange(number.Item, number.Index - step, number.Index + step));
        }
        float[] some = new float[32];
        file.Read(file.Find("four"), 96, some);
        Assert.InRange(some[5], 100, 102);
        Assert.Throws<ArgumentException>(() => file.Read(file.Find("four"), 5, some));
        Assert.Throws<ArgumentException>(() => file.Read(file.Find("four"), 128, some));
        Refused("no tensor named six", () => file.Find("six"));
    }

    [Fact]
    public void Version_2_other_alignments_and_nested_arrays_are_read()
    {
        byte[] bytes = new RawGguf(1, 2, version: 2)
            .Key("general.alignment", U32).Number(64u)
            .Key("nested", Array).Number(Array).Number(2UL).Number(U32).Number(1UL).Number(7u).Number(Text).Number(1UL).Text("x")
            .Tensor("t", 0, 0, 2).Aligned(64).Bytes(0, 0, 0x80, 0x3F, 0, 0, 0, 0x40).ToArray();
        using var file = new GgufFile(Saved(bytes));
        float[] numbers = new float[2];
        file.Read(file.Find("t"), 0, numbers);
        Assert.Equal([1, 2], numbers);
        Assert.Equal((2, 2), (file.Version, file.Metadata.CountOf("nested")));
    }

    public static TheoryData<string, byte[]> Lies => new()
    {
        { "has 8 bytes", [.. "GGUF"u8, 3, 0, 0, 0] },
        { "version 1", new RawGguf(0, 0, version: 1).ToArray() },
        { "version 99", new RawGguf(0, 0, version: 99).ToArray() },
        { "big-endian", new RawGguf(0, 0, version: 0x03000000).ToArray() },
        { "tensors", new RawGguf(ulong.MaxValue, 0).ToArray() },
        { "keys", new RawGguf(0, 1UL << 60).ToArray() },
        { "keys", new RawGguf(0, 1).ToArray() },
        { "100,000", new RawGguf(200_000, 0).Bytes(new byte[200_000 * 25]).ToArray() },
        { "20,000", new RawGguf(0, 30_000).Bytes(new byte[30_000 * 14]).ToArray() },
        { "bytes of a key", new RawGguf(0, 1).Number(1UL << 40).Bytes(new byte[20]).ToArray() },
        { "a key of 0 bytes", new RawGguf(0, 1).Key("", U32).Bytes(new byte[20]).ToArray() },
        { "printable ASCII", new RawGguf(0, 1).Key("a\nb", U32).Number(0u).ToArray() },
        { "twice", new RawGguf(0, 2).Key("a", U32).Number(0u).Key("a", U32).Number(0u).ToArray() },
        { "type 13", new RawGguf(0, 1).Key("a", 13).Bytes(new byte[20]).ToArray() },
        { "within a", new RawGguf(0, 1).Key("aaaaa", U32).Bytes(1, 2).ToArray() },
        { "bytes of a,", new RawGguf(0, 1).Key("a", Text).Number(100UL).Bytes(new byte[20]).ToArray() },
        { "elements of a", new RawGguf(0, 1).Key("a", Array).Number(Text).Number(1UL << 61).Bytes(new byte[20]).ToArray() },
        { "elements of a", new RawGguf(0, 1).Key("a", Array).Number(10u).Number(3UL).Bytes(new byte[20]).ToArray() },
        { "text of a", new RawGguf(0, 1).Key("a", Array).Number(Text).Number(1UL).Number(99UL).ToArray() },
        { "more than 4 deep", Nested(6) },
        { "alignment is Text", new RawGguf(0, 1).Key("general.alignment", Text).Text("32").ToArray() },
        { "alignment 0", new RawGguf(0, 1).Key("general.alignment", U32).Number(0u).ToArray() },
        { "alignment 48", new RawGguf(0, 1).Key("general.alignment", U32).Number(48u).ToArray() },
        { "cut or damaged", new RawGguf(1, 1).Key("general.alignment", U32).Number(1u << 31).Tensor("t", 0, 0, 1).Aligned().Bytes(new byte[4]).ToArray() },
        { "has 5 sizes", new RawGguf(1, 0).Tensor("t", 0, 0, 1, 1, 1, 1, 1).Aligned().Bytes(new byte[4]).ToArray() },
        { "has 0 sizes", new RawGguf(1, 0).Tensor("t", 0, 0).Aligned().Bytes(new byte[4]).ToArray() },
        { "a size of 0", new RawGguf(1, 0).Tensor("t", 0, 0, 4, 0).Aligned().Bytes(new byte[4]).ToArray() },
        { "more than any file", new RawGguf(1, 0).Tensor("t", 0, 0, 1UL << 40, 1UL << 40).Aligned().Bytes(new byte[4]).ToArray() },
        { "to 8,000", new RawGguf(1, 0).Tensor("t", 0, 0, 2000).Aligned().Bytes(new byte[100]).ToArray() },
        { "type 5, which", new RawGguf(1, 0).Tensor("t", 5, 0, 1).Aligned().Bytes(new byte[4]).ToArray() },
        { "blocks of 32", new RawGguf(1, 0).Tensor("t", 8, 0, 33).Aligned().Bytes(new byte[64]).ToArray() },
        { "at byte 32", new RawGguf(1, 0).Tensor("t", 0, 32, 1).Aligned().Bytes(new byte[64]).ToArray() },
        { "at byte 0", new RawGguf(2, 0).Tensor("t", 0, 0, 1).Tensor("u", 0, 0, 1).Aligned().Bytes(new byte[64]).ToArray() },
        { "at byte 4", new RawGguf(2, 0).Tensor("t", 0, 0, 1).Tensor("u", 0, 4, 1).Aligned().Bytes(new byte[64]).ToArray() },
        { "tensor t twice", new RawGguf(2, 0).Tensor("t", 0, 0, 1).Tensor("t", 0, 32, 1).Aligned().Bytes(new byte[64]).ToArray() },
    };

    [Theory]
    [MemberData(nameof(Lies), DisableDiscoveryEnumeration = true)] // megabytes, which would be written into names of tests
    public void Every_lie_of_a_head_is_one_sentence_with_the_file(string said, byte[] bytes)
    {
        string path = Saved(bytes);
        string message = Refused(said, () => new GgufFile(path).Dispose());
        Assert.Contains(path, message);
    }

    [Fact]
    public void A_file_cut_at_any_byte_of_its_head_or_data_is_refused()
    {
        using (Written(new(), [("t", GgufTensorType.F32, new(2, 3))]))
        {
        }
        byte[] whole = File.ReadAllBytes(_folder["file.gguf"]);
        for (int length = 0; length < whole.Length - 8; length++) // the last 8 bytes only fill up
            Refused("", () => new GgufFile(Saved(whole[..length])).Dispose());
    }

    [Fact]
    public void A_type_that_cannot_be_read_is_refused_by_its_name()
    {
        using var file = new GgufFile(Saved(new RawGguf(1, 0).Tensor("t", 14, 0, 256).Aligned().Bytes(new byte[210]).ToArray()));
        Refused("type Q6_K, and F32, F16, BF16, F64, Q8_0, Q4_0 can be read", () => file.Find("t"));
    }

    static byte[] Nested(int depth)
    {
        var raw = new RawGguf(0, 1).Key("a", Array);
        for (int i = 0; i < depth; i++)
            raw.Number(Array).Number(1UL);
        return raw.Number(U32).Number(1UL).Number(0u).ToArray();
    }

    static string Refused(string said, Action read)
    {
        string message = Assert.Throws<CheckpointException>(read).Message;
        Assert.Contains(said, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    string Saved(byte[] bytes)
    {
        File.WriteAllBytes(_folder["raw.gguf"], bytes);
        return _folder["raw.gguf"];
    }

    GgufFile Written(GgufMetadataWriter metadata, (string Name, GgufTensorType Type, Shape Shape)[] tensors)
    {
        using (var file = new GgufWriter(_folder["file.gguf"], metadata, tensors))
        {
            foreach (var (_, _, shape) in tensors)
            {
                file.Begin();
                file.AppendPiece([.. Enumerable.Range(0, (int)shape.Length).Select(i => (float)i)]);
            }
            file.Complete();
        }
        return new(_folder["file.gguf"]);
    }
}
