using System.Buffers.Binary;
using Cria.Engine.Tensors;
using Cria.Interop.Gguf;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Gguf;

/// <summary>Blocks, byte by byte as ggml lays them.</summary>
public sealed class GgufBlocksTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_block_of_eight_bits_is_a_scale_and_thirty_two_integers()
    {
        float[] numbers = [.. Enumerable.Range(0, 32).Select(i => i - 12.75f)];
        numbers[3] = -127 * 0.25f;
        byte[] block = Written(GgufTensorType.Q8, numbers);
        Assert.Equal(0.25f, (float)BinaryPrimitives.ReadHalfLittleEndian(block));
        Assert.Equal(-127, (sbyte)block[2 + 3]);
        for (int i = 0; i < 32; i++)
            Assert.Equal((sbyte)MathF.Round(numbers[i] * 4), (sbyte)block[2 + i]);
        Assert.Equal(numbers, Read(GgufTensorType.Q8, block, 32)); // quarters are exact
    }

    [Fact]
    public void Rounded_numbers_are_at_most_half_a_step_away()
    {
        var random = Philox.For(3, "blocks");
        float[] numbers = [.. Enumerable.Range(0, 32).Select(i => (float)random.Normal((ulong)i))];
        float step = numbers.Max(Math.Abs) / 127;
        float[] read = Read(GgufTensorType.Q8, Written(GgufTensorType.Q8, numbers), 32);
        Assert.All(numbers.Zip(read), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, step * 0.5f + step * 127 / 2048));
        Assert.Equal(new float[32], Read(GgufTensorType.Q8, Written(GgufTensorType.Q8, new float[32]), 32));
    }

    [Fact]
    public void A_block_of_four_bits_has_its_first_half_in_the_low_bits()
    {
        byte[] block = new byte[18];
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)0.5f);
        for (int i = 0; i < 16; i++)
            block[2 + i] = (byte)(i | (15 - i) << 4);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => 0.5f * ((i < 16 ? i : 31 - i) - 8)), Read(GgufTensorType.Q4, block, 32));
    }

    [Fact]
    public void Halves_and_bfloats_are_rounded_to_the_nearest()
    {
        float[] numbers = [1, -2.5f, 1 + 1f / 4096, 65504, 1e-7f, 0];
        Assert.Equal(numbers.Select(x => (float)(Half)x), Read(GgufTensorType.F16, Written(GgufTensorType.F16, numbers), numbers.Length));
        Assert.Equal(numbers.Select(x => Rounding.Widened(Rounding.Nearest(x))),
            Read(GgufTensorType.BF16, Written(GgufTensorType.BF16, numbers), numbers.Length));
        byte[] doubles = [.. numbers.SelectMany(x => BitConverter.GetBytes((double)x))];
        Assert.Equal(numbers, Read(GgufTensorType.F64, doubles, numbers.Length));
    }

    byte[] Written(GgufTensorType type, float[] numbers)
    {
        string path = _folder["written.gguf"];
        File.Delete(path);
        using (var file = new GgufWriter(path, new(), [("t", type, new(numbers.Length))]))
        {
            file.Begin();
            file.AppendPiece(numbers);
            file.Complete();
        }
        using var read = new GgufFile(path);
        var tensor = read.Tensors["t"];
        return File.ReadAllBytes(path)[(int)tensor.Offset..(int)(tensor.Offset + tensor.Bytes)];
    }

    float[] Read(GgufTensorType type, byte[] blocks, int count)
    {
        string path = _folder["read.gguf"];
        File.WriteAllBytes(path, new RawGguf(1, 0).Tensor("t", type.Id, 0, (ulong)count).Aligned().Bytes(blocks).ToArray());
        using var file = new GgufFile(path);
        float[] numbers = new float[count];
        file.Read(file.Find("t"), 0, numbers);
        return numbers;
    }
}
