using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class MatMulTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 3, 7, 17 }, { 1, 65, 33 }, { 17, 33, 63 }, { 33, 65, 129 }, { 5, 1023, 7 }, { 65, 129, 1023 },
        { 64, 64, 64 }, { 2, 513, 520 }, { 129, 17, 300 }, { 15, 3, 1023 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Every_backend_agrees_with_the_reference(int rows, int outputs, int inputs)
    {
        Agreement.Holds(rows, All(outputs, inputs, SinkMode.Overwrite));
        Agreement.Holds(new(rows, rows / 2), All(outputs, inputs, SinkMode.Add));
        Agreement.Holds(new(rows, 0), All(outputs, inputs, SinkMode.Overwrite));
        Agreement.Holds(rows, All(outputs, inputs, SinkMode.Nowhere));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Any_number_of_threads_gives_the_same_bits(int rows, int outputs, int inputs) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(rows + 3, rows), All(outputs, inputs, SinkMode.Add));

    [Theory, InlineData(7, 17), InlineData(65, 129), InlineData(33, 1023), InlineData(300, 64)]
    public void A_row_is_the_same_in_any_company(int outputs, int inputs)
    {
        Agreement.IsTheSameForARowInAnyCompany(37, (bench, k) =>
        {
            k.MatMul(bench.Output("y", outputs), bench.Input("x", inputs), bench.Weight("w", new(outputs, inputs)));
            k.MatMulInput(bench.Sink("dx", inputs, SinkMode.Add), bench.Input("dy", outputs),
                bench.Weight("w2", new(outputs, inputs)));
            k.MatMul(bench.Output("z", outputs), bench.Input("x", inputs), bench.Weight("w", new(outputs, inputs)),
                new(bench.Weight("bias", new(outputs)), bench.Input("residual", outputs)));
        });
    }

    static KernelCall All(int outputs, int inputs, SinkMode mode) => (bench, k) =>
    {
        var w = bench.Weight("w", new(outputs, inputs));
        var (x, dy) = (bench.Input("x", inputs), bench.Input("dy", outputs));
        k.MatMul(bench.Sink("y", outputs, mode), x, w);
        k.MatMulInput(bench.Sink("dx", inputs, mode), dy, w);
        k.MatMulWeight(bench.WeightSink("dw", new(outputs, inputs), mode), dy, x);
        var (bias, residual) = (bench.Weight("bias", new(outputs)), bench.Input("residual", outputs));
        k.MatMul(bench.Sink("y + bias", outputs, mode), x, w, new(bias));
        k.MatMul(bench.Sink("y + residual", outputs, mode), x, w, new(default, residual));
        k.MatMul(bench.Sink("y + both", outputs, mode), x, w, new(bias, residual));
        k.ColumnSums(bench.WeightSink("sums", new(outputs), mode), dy);
    };
}
