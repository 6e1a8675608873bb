using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf;

/// <summary>Numbers between F32 and the blocks of a file. Quantised blocks are ggml's: a scale in F16 and small integers.</summary>
static class GgufBlocks
{
    /// <summary>Numbers of a quantised block.</summary>
    const int Length = 32;

    /// <param name="type">One of <see cref="GgufTensorType.Readable"/>.</param>
    /// <param name="blocks">Whole blocks.</param>
    /// <param name="numbers">As many as they hold.</param>
    public static void Decode(GgufTensorType type, ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        if (type == GgufTensorType.F32)
            blocks.CopyTo(MemoryMarshal.AsBytes(numbers));
        else if (type == GgufTensorType.F16)
        {
            var halves = MemoryMarshal.Cast<byte, Half>(blocks);
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = (float)halves[i];
        }
        else if (type == GgufTensorType.BF16)
        {
            var upper = MemoryMarshal.Cast<byte, ushort>(blocks);
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = Rounding.Widened(upper[i]);
        }
        else if (type == GgufTensorType.F64)
        {
            var doubles = MemoryMarshal.Cast<byte, double>(blocks);
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = (float)doubles[i];
        }
        else if (type == GgufTensorType.Q8)
            for (int first = 0; first < numbers.Length; first += Length, blocks = blocks[type.BlockBytes..])
                DecodeQ8(blocks, numbers.Slice(first, Length));
        else if (type == GgufTensorType.Q4)
            for (int first = 0; first < numbers.Length; first += Length, blocks = blocks[type.BlockBytes..])
                DecodeQ4(blocks, numbers.Slice(first, Length));
        else
            throw new ArgumentException($"{type} cannot be read");
    }

    /// <param name="type">F32, F16, BF16 or Q8_0.</param>
    /// <param name="numbers">Whole blocks of them.</param>
    /// <param name="blocks">As many bytes as they take.</param>
    public static void Encode(GgufTensorType type, ReadOnlySpan<float> numbers, Span<byte> blocks)
    {
        if (type == GgufTensorType.F32)
            MemoryMarshal.AsBytes(numbers).CopyTo(blocks);
        else if (type == GgufTensorType.F16)
            for (int i = 0; i < numbers.Length; i++)
                BinaryPrimitives.WriteHalfLittleEndian(blocks[(2 * i)..], (Half)numbers[i]);
        else if (type == GgufTensorType.BF16)
            for (int i = 0; i < numbers.Length; i++)
                BinaryPrimitives.WriteUInt16LittleEndian(blocks[(2 * i)..], Rounding.Nearest(numbers[i]));
        else if (type == GgufTensorType.Q8)
            for (; numbers.Length > 0; numbers = numbers[Length..], blocks = blocks[type.BlockBytes..])
                EncodeQ8(numbers[..Length], blocks);
        else
            throw new ArgumentException($"{type} cannot be written");
    }

    /// <summary>x = d · q, q in −127 .. 127.</summary>
    static void DecodeQ8(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int i = 0; i < Length; i++)
            numbers[i] = d * (sbyte)block[2 + i];
    }

    /// <summary>x = d · (q − 8), q in 0 .. 15; the low halves of the 16 bytes first, then the high ones.</summary>
    static void DecodeQ4(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int i = 0; i < Length / 2; i++)
        {
            numbers[i] = d * ((block[2 + i] & 15) - 8);
            numbers[i + Length / 2] = d * ((block[2 + i] >> 4) - 8);
        }
    }

    /// <summary>d = max|x| / 127, stored as F16; q = x / d with the d that was not rounded, halves away from zero.</summary>
    static void EncodeQ8(ReadOnlySpan<float> numbers, Span<byte> block)
    {
        float largest = 0;
        foreach (float number in numbers)
            largest = Math.Max(largest, Math.Abs(number));
        float d = largest / 127, inverse = d == 0 ? 0 : 1 / d;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)d);
        for (int i = 0; i < Length; i++)
            block[2 + i] = (byte)(sbyte)MathF.Round(numbers[i] * inverse, MidpointRounding.AwayFromZero);
    }
}
