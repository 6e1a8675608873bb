using System.Runtime.InteropServices;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class ConvertTests
{
    static readonly IReadOnlyList<IKernels> All = [new ReferenceKernels<float>(), .. Backends.With(threads: 2)];

    [Theory]
    [InlineData(0x3F800000u, 0x3F80)] // exact
    [InlineData(0x3F808000u, 0x3F80)] // a tie, to even: down
    [InlineData(0x3F818000u, 0x3F82)] // a tie, to even: up
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x3F807FFFu, 0x3F80)]
    [InlineData(0x3FFFFFFFu, 0x4000)] // the carry reaches the exponent
    [InlineData(0x80000000u, 0x8000)] // minus zero
    [InlineData(0x00000001u, 0x0000)]
    [InlineData(0x00018000u, 0x0002)] // subnormal
    [InlineData(0x7F7FFFFFu, 0x7F80)] // the largest number becomes infinity
    [InlineData(0xFF800000u, 0xFF80)]
    [InlineData(0x7FC00000u, 0x7FC0)]
    [InlineData(0x7F800001u, 0x7FC0)] // a NaN whose upper half alone would be infinity
    [InlineData(0xFFFFFFFFu, 0xFFFF)] // a NaN whose carry would be zero
    public void A_number_is_rounded_to_the_nearest_ties_to_even_and_NaN_stays_NaN(uint bits, int expected)
    {
        foreach (var kernels in All)
            foreach (int columns in (int[])[1, 16, 19])
            {
                float[] values = new float[columns];
                Array.Fill(values, BitConverter.UInt32BitsToSingle(bits));
                var (compact, _) = RoundTrip(kernels, values, columns);
                Assert.All(compact, half => Assert.Equal((ushort)expected, half));
            }
    }

    [Fact]
    public void Every_backend_has_the_bits_of_the_reference_for_every_upper_half_and_widening_is_exact()
    {
        float[] values = new float[65536 * 4];
        uint[] lower = [0, 0x7FFF, 0x8000, 0xFFFF];
        for (uint i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle(i / 4 << 16 | lower[i % 4]);
        var (compact, wide) = RoundTrip(All[0], values, columns: 1024);
        Assert.Equal(Array.ConvertAll(compact, half => (uint)half << 16), Array.ConvertAll(wide, BitConverter.SingleToUInt32Bits));
        foreach (var kernels in All)
        {
            var (actual, back) = RoundTrip(kernels, values, columns: 1024);
            Assert.Equal(compact, actual);
            Assert.True(MemoryMarshal.AsBytes<float>(wide).SequenceEqual(MemoryMarshal.AsBytes<float>(back)), kernels.Name);
        }
    }

    [Fact]
    public void Only_live_rows_are_converted_at_any_number_of_threads()
    {
        foreach (int columns in Sizes.Columns)
        {
            float[] values = [.. Enumerable.Range(0, 37 * columns).Select(i => (float)new Philox(3).Normal((ulong)i))];
            var (expected, wide) = RoundTrip(All[0], values, columns, live: 20);
            foreach (int threads in (int[])[1, 2, 3])
                foreach (var kernels in Backends.With(threads))
                {
                    var (actual, back) = RoundTrip(kernels, values, columns, live: 20);
                    Assert.Equal(expected, actual);
                    Assert.Equal(wide, back);
                    Assert.All(actual[(20 * columns)..], half => Assert.Equal(0, half));
                }
        }
    }

    static (ushort[] Compact, float[] Wide) RoundTrip(IKernels kernels, float[] values, int columns, int? live = null)
    {
        int rows = values.Length / columns;
        var device = CpuDevice.Instance;
        using var extent = device.Allocate(sizeof(int));
        extent.Tensor(DType.I32, new(1)).Write<int>([live ?? rows]);
        using var memory = device.Allocate(values.Length * 10L);
        Tensor Part(DType type, long offset) =>
            new(device, memory.Address + (nint)(offset * values.Length), type, new(rows, columns), extent.Address);
        Tensor from = Part(DType.F32, 0), back = Part(DType.F32, 4), compact = Part(DType.BF16, 8);
        from.Write<float>(values);
        kernels.Convert(compact, from);
        kernels.Convert(back, compact);
        return (compact.ToArray<ushort>(), back.ToArray<float>());
    }
}
