using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class RopeTests
{
    public static TheoryData<int, int> Heads => new()
    {
        { 1, 2 }, { 3, 6 }, { 2, 8 }, { 4, 16 }, { 3, 32 }, { 2, 48 }, { 5, 64 }, { 1, 80 }, { 2, 128 }, { 2, 66 },
    };

    [Theory, MemberData(nameof(Heads))]
    public void Every_backend_agrees_with_the_reference(int heads, int headDim)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
                Agreement.Holds(rows, Call(heads, headDim, mode));
    }

    [Theory, MemberData(nameof(Heads))]
    public void Any_number_of_threads_gives_the_same_bits(int heads, int headDim) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(35, 33), Call(heads, headDim, SinkMode.Add));

    [Theory, MemberData(nameof(Heads))]
    public void A_row_is_the_same_in_any_company(int heads, int headDim) =>
        Agreement.IsTheSameForARowInAnyCompany(17, Call(heads, headDim, SinkMode.Overwrite));

    [Fact]
    public void It_may_turn_in_place() => Agreement.Holds(5, (bench, k) =>
    {
        var x = bench.Input("x", 3 * 16);
        k.Rope(x, x, bench.Ids("positions", 40), bench.Weight("cosSin", new(40, 16)), 16, inverse: false);
    });

    [Theory]
    [InlineData(3, 7, 2), InlineData(2, 9, 8), InlineData(4, 16, 10), InlineData(2, 64, 32), InlineData(1, 81, 34), InlineData(3, 256, 64)]
    public void A_part_of_every_head_is_turned_and_the_rest_passes(int heads, int headDim, int turned)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
                Agreement.Holds(rows, Call(heads, headDim, mode, turned));
        Agreement.IsTheSameOnAnyNumberOfThreads(new(35, 33), Call(heads, headDim, SinkMode.Add, turned));
        Agreement.IsTheSameForARowInAnyCompany(17, Call(heads, headDim, SinkMode.Overwrite, turned));
        Agreement.Holds(5, (bench, k) =>
        {
            var x = bench.Input("x", heads * headDim); // in place
            k.Rope(x, x, bench.Ids("positions", 40), bench.Weight("cosSin", new(40, turned)), headDim, inverse: false);
        });
    }

    static KernelCall Call(int heads, int headDim, SinkMode mode, int turned = 0) => (bench, k) =>
    {
        var positions = bench.Ids("positions", below: 40);
        var (cosSin, x) = (bench.Weight("cosSin", new(40, turned == 0 ? headDim : turned)), bench.Input("x", heads * headDim));
        k.Rope(bench.Sink("y", heads * headDim, mode), x, positions, cosSin, headDim, inverse: false);
        k.Rope(bench.Sink("back", heads * headDim, mode), x, positions, cosSin, headDim, inverse: true);
    };
}
