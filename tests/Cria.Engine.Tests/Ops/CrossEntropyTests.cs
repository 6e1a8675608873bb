using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class CrossEntropyTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var rows in Sizes.Rows)
            Agreement.Holds(rows, Call(columns));
    }

    [Theory, MemberData(nameof(Columns))]
    public void With_smoothed_labels_every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var rows in Sizes.Rows)
            Agreement.Holds(rows, Call(columns, smoothing: 0.1f));
    }

    [Theory, InlineData(17), InlineData(1023)]
    public void Large_logits_do_not_overflow(int columns) => Agreement.Holds(9, Call(columns, scale: 200), 2e-5);

    [Theory, InlineData(17), InlineData(1023)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(40, 37), Call(columns));

    [Theory, InlineData(17), InlineData(129), InlineData(1023)]
    public void A_row_is_the_same_in_any_company(int columns) =>
        Agreement.IsTheSameForARowInAnyCompany(37, Call(columns, isOnlyRows: true));

    static KernelCall Call(int columns, double scale = 1, bool isOnlyRows = false, float smoothing = 0) => (bench, k) =>
    {
        var (targets, weights) = (bench.Ids("targets", columns, someNegative: true), bench.Input("weights", 1));
        var loss = bench.Output("loss", 1);
        k.CrossEntropy(loss, bench.Input("logits", columns, scale), targets, smoothing);
        k.CrossEntropyGradient(bench.Output("loss again", 1), bench.Input("logits, then gradient", columns, scale),
            targets, weights, smoothing);
        if (!isOnlyRows)
            k.WeightedSum(bench.Weight("total", new(1), double.NaN), loss, weights);
    };
}
