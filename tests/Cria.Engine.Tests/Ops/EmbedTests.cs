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

    [Fact]
    public void A_frozen_row_gets_nothing_and_the_others_what_they_got()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            double[] Gradient(int frozenRow) => Agreement.Run(kernels, DType.F32, 40, Call(7, SinkMode.Overwrite, frozenRow))
                .Single(result => result.Name == "dTable").Values;
            double[] all = Gradient(-1), frozen = Gradient(4);
            Assert.All(frozen[28..35], value => Assert.Equal(0, value));
            Assert.DoesNotContain(0, all[28..35]);
            all.AsSpan(28, 7).Clear();
            Assert.Equal(all, frozen);
        }
        foreach (var mode in Sizes.Modes)
            Agreement.Holds(new(40, 37), Call(17, mode, frozenRow: 0));
    }

    static KernelCall Call(int columns, SinkMode mode, int frozenRow = -1) => (bench, k) =>
    {
        var ids = bench.Ids("ids", below: 13); // fewer than rows: some repeat
        k.Embed(bench.Output("y", columns), bench.Weight("table", new(13, columns)), ids);
        k.EmbedBackward(bench.WeightSink("dTable", new(13, columns), mode), bench.Input("dy", columns), ids, frozenRow);
    };
}
