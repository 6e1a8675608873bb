using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class RmsNormTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
                Agreement.Holds(rows, Call(columns, mode));
    }

    [Theory, InlineData(1), InlineData(33), InlineData(129)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(133, 129), Call(columns, SinkMode.Add));

    [Theory, InlineData(1), InlineData(33), InlineData(129)]
    public void A_row_is_the_same_in_any_company(int columns) =>
        Agreement.IsTheSameForARowInAnyCompany(37, Call(columns, SinkMode.Overwrite, isOnlyRows: true));

    static KernelCall Call(int columns, SinkMode mode, bool isOnlyRows = false) => (bench, k) =>
    {
        var (x, inverse) = (bench.Input("x", columns), bench.Output("inverseRms", 1));
        var weight = bench.Weight("weight", new(columns));
        k.RmsNorm(bench.Output("y", columns), inverse, x, weight, epsilon: 1e-5f);
        k.RmsNormBackward(bench.Sink("dx", columns, mode),
            isOnlyRows ? Sink.Nowhere : bench.WeightSink("dWeight", new(columns), mode),
            bench.Input("dy", columns), x, weight, inverse);
    };
}
