using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class LayerNormTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
                Agreement.Holds(rows, Call(columns, mode));
    }

    [Theory, InlineData(7), InlineData(768)]
    public void Without_a_bias_every_backend_agrees_with_the_reference(int columns) =>
        Agreement.Holds(new(35, 33), Call(columns, SinkMode.Overwrite, hasBias: false));

    [Theory, InlineData(SinkMode.Nowhere, SinkMode.Overwrite), InlineData(SinkMode.Add, SinkMode.Nowhere)]
    public void Either_sum_over_the_rows_may_be_unwanted(SinkMode weightMode, SinkMode biasMode) =>
        Agreement.Holds(70, (bench, k) =>
        {
            var (x, dy) = (bench.Input("x", 33), bench.Input("dy", 33));
            var (mean, inverse) = (bench.Output("mean", 1), bench.Output("inverse", 1));
            var weight = bench.Weight("weight", new(33));
            k.LayerNorm(bench.Output("y", 33), mean, inverse, x, weight, default, epsilon: 1e-5f);
            k.LayerNormBackward(Sink.Nowhere, bench.WeightSink("dWeight", new(33), weightMode),
                bench.WeightSink("dBias", new(33), biasMode), dy, x, weight, mean, inverse);
        });

    [Theory, InlineData(1), InlineData(33), InlineData(129)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(133, 129), Call(columns, SinkMode.Add));

    [Theory, InlineData(1), InlineData(33), InlineData(129)]
    public void A_row_is_the_same_in_any_company(int columns) =>
        Agreement.IsTheSameForARowInAnyCompany(37, Call(columns, SinkMode.Overwrite, isOnlyRows: true));

    static KernelCall Call(int columns, SinkMode mode, bool isOnlyRows = false, bool hasBias = true) => (bench, k) =>
    {
        var (x, mean, inverse) = (bench.Input("x", columns), bench.Output("mean", 1), bench.Output("inverse", 1));
        var weight = bench.Weight("weight", new(columns));
        k.LayerNorm(bench.Output("y", columns), mean, inverse, x, weight,
            hasBias ? bench.Weight("bias", new(columns)) : default, epsilon: 1e-5f);
        k.LayerNormBackward(bench.Sink("dx", columns, mode),
            isOnlyRows ? Sink.Nowhere : bench.WeightSink("dWeight", new(columns), mode),
            isOnlyRows || !hasBias ? Sink.Nowhere : bench.WeightSink("dBias", new(columns), mode),
            bench.Input("dy", columns), x, weight, mean, inverse);
    };
}
