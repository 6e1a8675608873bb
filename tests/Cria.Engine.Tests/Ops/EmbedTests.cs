using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class EmbedTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
                Agreement.Holds(rows, Call(columns, mode));
    }

    [Theory, InlineData(7), InlineData(129)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(70, 67), Call(columns, SinkMode.Overwrite));

    [Theory, InlineData(7), InlineData(129)]
    public void A_row_is_the_same_in_any_company(int columns) =>
        Agreement.IsTheSameForARowInAnyCompany(37, Call(columns, SinkMode.Nowhere));

    static KernelCall Call(int columns, SinkMode mode) => (bench, k) =>
    {
        var ids = bench.Ids("ids", below: 13); // fewer than rows: some repeat
        k.Embed(bench.Output("y", columns), bench.Weight("table", new(13, columns)), ids);
        k.EmbedBackward(bench.WeightSink("dTable", new(13, columns), mode), bench.Input("dy", columns), ids);
    };
}
