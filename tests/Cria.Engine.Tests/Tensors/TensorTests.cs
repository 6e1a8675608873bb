using Cria.Engine.Graphs;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Tensors;

public sealed class TensorTests
{
    [Theory]
    [InlineData(1), InlineData((2 << 20) - 1), InlineData(2 << 20), InlineData((5 << 20) + 3)]
    public void Memory_is_zero_and_a_large_block_begins_at_a_large_page(int bytes)
    {
        using var memory = CpuDevice.Instance.Allocate(bytes);
        Assert.Equal(0, memory.Address % (bytes < 2 << 20 ? 64 : 2 << 20));
        byte[] content = new byte[bytes];
        CpuDevice.Instance.CopyToHost(content, memory.Address);
        Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void A_shape_is_a_matrix_of_rows_by_its_last_size()
    {
        Assert.Equal((6, 4), (new Shape(2, 3, 4).Rows, new Shape(2, 3, 4).Columns));
        Assert.Equal((1, 5), (new Shape(5).Rows, new Shape(5).Columns));
        Assert.Equal([2, 3, 4], Shape.Of([2, 3, 4]).ToArray());
        Assert.Equal("(2, 3)", new Shape(2, 3).ToString());
        Assert.Throws<ArgumentException>(() => Shape.Of([]));
        Assert.Throws<ArgumentException>(() => Shape.Of([1, -1]));
        Assert.Throws<ArgumentException>(() => Shape.Of([1, 1, 1, 1, 1]));
    }

    [Theory, InlineData(0, 0, 0), InlineData(3, 0, 3), InlineData(3, 2, 1), InlineData(3, 4, 0), InlineData(99, 0, 8)]
    public void Live_rows_are_those_below_the_extent(int extent, int start, int live)
    {
        using var memory = CpuDevice.Instance.Allocate(sizeof(int));
        memory.Tensor(DType.I32, new(1)).Write<int>([extent]);
        var tensor = new Tensor(CpuDevice.Instance, 0, DType.F32, new(8, 2), memory.Address);
        Assert.Equal(live, tensor.RowRange(start, 8 - start).LiveRows);
    }

    [Fact]
    public void Copies_that_do_not_fit_are_refused()
    {
        using var memory = CpuDevice.Instance.Allocate(64);
        var tensor = memory.Tensor(DType.F32, new(4));
        tensor.Write<float>([1, 2, 3, 4]);
        Assert.Equal([1, 2, 3, 4], tensor.ToArray<float>());
        Assert.Throws<ArgumentException>(() => tensor.Write<float>([1, 2, 3, 4, 5]));
        Assert.Throws<ArgumentException>(() => tensor.Read(new double[3].AsSpan()));
        Assert.Throws<ArgumentException>(() => memory.Tensor(DType.F32, new(16), offset: 4));
    }

    [Fact]
    public void More_memory_than_the_machine_has_is_refused_in_one_sentence() =>
        Assert.Contains("are needed", Assert.Throws<DeviceException>(() =>
            CpuDevice.Instance.Allocate(1L << 60)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameters_lie_in_recording_order_aligned_with_zeros_between()
    {
        using var store = new ParameterStore(CpuDevice.Instance);
        var p = new ParameterScope(store, "model.");
        var first = p.Matrix("a", 3, 5, new Initializer.Constant(2));
        var norm = p.Inside("norm").Ones("weight", 7);
        var frozen = p.Matrix("b", 2, 2, new Initializer.Uniform(0.5));
        var last = p.Matrix("c", 1, 70, new Initializer.Normal(1));
        frozen.Trainable = false;
        store.Allocate(withGradients: true);
        store.Initialize(seed: 3);

        Assert.Equal("model.norm.weight", norm.Name);
        Assert.Equal(15 + 7 + 4 + 70, store.Count);
        Assert.All(store.Parameters, x => Assert.Equal(0, x.Data.Address % 256));
        Assert.Equal([0, 64, 128, 192], store.Parameters.Select(store.OffsetOf));
        Assert.Equal([(0, 64), (192, 128)], store.Ranges(p => p.Kind == ParameterKind.Matrix));
        Assert.Equal([(64, 64)], store.Ranges(p => p.Kind == ParameterKind.Norm));
        float[] flat = store.Weights.ToArray<float>();
        Assert.All(flat[15..64], x => Assert.Equal(0, x));
        Assert.All(first.Data.ToArray<float>(), x => Assert.Equal(2, x));
        Assert.All(frozen.Data.ToArray<float>(), x => Assert.InRange(x, -0.5f, 0.5f));
        Assert.Equal(70, last.Data.ToArray<float>().Distinct().Count());
        Assert.Throws<InvalidOperationException>(() => p.Ones("late", 3));
    }
}
