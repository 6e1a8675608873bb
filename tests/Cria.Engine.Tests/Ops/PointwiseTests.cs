using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class PointwiseTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
            {
                Agreement.Holds(rows, Call<Sum>(columns, mode));
                Agreement.Holds(rows, Call<SwiGlu>(columns, mode));
            }
    }

    [Fact]
    public void Large_gates_neither_overflow_nor_lose_the_sign() =>
        Agreement.Holds(9, Call<SwiGlu>(129, SinkMode.Overwrite, scale: 60));

    [Theory, InlineData(7), InlineData(1023)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(40, 37), Call<SwiGlu>(columns, SinkMode.Add));

    [Theory, InlineData(1), InlineData(7), InlineData(33), InlineData(129)]
    public void A_row_is_the_same_in_any_company(int columns)
    {
        Agreement.IsTheSameForARowInAnyCompany(37, Call<SwiGlu>(columns, SinkMode.Add));
        Agreement.IsTheSameForARowInAnyCompany(37, Call<Sum>(columns, SinkMode.Add));
    }

    static KernelCall Call<F>(int columns, SinkMode mode, double scale = 1) where F : struct, IFormula => (bench, k) =>
    {
        var (a, b) = (bench.Input("a", columns, scale), bench.Input("b", columns));
        k.Map<F>(bench.Output("y", columns), a, b);
        var dy = bench.Input("dy", columns);
        k.MapBackward<F>(bench.Sink("da", columns, mode), bench.Sink("db", columns, mode), dy, a, b);
        k.MapBackward<F>(bench.Sink("da alone", columns, mode), Sink.Nowhere, dy, a, b);
        k.MapBackward<F>(bench.Sink("first", columns, SinkMode.Add), bench.Sink("second", columns, mode), dy, a, b);
    };
}
