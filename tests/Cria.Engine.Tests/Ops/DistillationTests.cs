using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class DistillationTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var rows in Sizes.Rows)
            foreach (float temperature in new[] { 1, 2, 0.7f })
                Agreement.Holds(rows, Call(columns, temperature), 2e-5);
    }

    [Theory, InlineData(17), InlineData(1023)]
    public void Large_logits_do_not_overflow(int columns) => Agreement.Holds(9, Call(columns, temperature: 2, scale: 100), 1e-4);

    [Theory, MemberData(nameof(Columns))]
    public void Softmax_and_scale_agree_with_the_reference(int columns)
    {
        foreach (var rows in Sizes.Rows)
            foreach (var mode in (SinkMode[])[SinkMode.Overwrite, SinkMode.Add])
                Agreement.Holds(rows, (bench, k) =>
                {
                    k.Softmax(bench.Sink("p", columns, mode), bench.Input("logits", columns, scale: 5), 0.5f, 0.25f);
                    k.Scale(bench.Sink("y", columns, mode), bench.Input("x", columns), -1.5f);
                    var both = bench.Input("logits, then probabilities", columns);
                    k.Softmax(both, both, 2, 1);
                });
    }

    [Theory, InlineData(17), InlineData(1023)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(40, 37), Call(columns, temperature: 2));

    [Theory, InlineData(17), InlineData(129), InlineData(1023)]
    public void A_row_is_the_same_in_any_company(int columns) => Agreement.IsTheSameForARowInAnyCompany(37, Call(columns, temperature: 2));

    [Fact]
    public void A_student_that_says_what_its_teacher_says_learns_nothing_from_it()
    {
        using var bench = new Workbench(DType.F64, 3);
        var kernels = new ReferenceKernels<double>();
        Tensor logits = bench.Input("logits", 9), teacher = bench.Output("teacher", 9), loss = bench.Output("loss", 1);
        Tensor surprise = bench.Output("cross-entropy", 1), far = bench.Output("divergence", 1);
        kernels.Softmax(teacher, logits, 0.5f, 1);
        kernels.Distillation(loss, surprise, far, logits, teacher, bench.Ids("targets", 9), bench.Input("weights", 1), new(0, 4, 2));
        Assert.All(loss.ToArray<double>(), x => Assert.Equal(0, x, 1e-14));
        Assert.All(far.ToArray<double>(), x => Assert.Equal(0, x, 1e-14));
        Assert.All(surprise.ToArray<double>(), x => Assert.True(x > 0));
        Assert.All(logits.ToArray<double>(), x => Assert.Equal(0, x, 1e-14));
    }

    [Fact]
    public void Without_a_teachers_part_it_is_the_cross_entropy()
    {
        using var bench = new Workbench(DType.F64, 3);
        var kernels = new ReferenceKernels<double>();
        Tensor targets = bench.Ids("targets", 9), weights = bench.Input("weights", 1);
        Tensor loss = bench.Output("loss", 1), other = bench.Output("other", 1);
        Tensor logits = bench.Input("logits", 9), same = bench.Input("logits", 9);
        Tensor surprise = bench.Output("cross-entropy", 1), far = bench.Output("divergence", 1);
        kernels.Distillation(loss, surprise, far, logits, bench.Input("teachers", 9), targets, weights, new(1, 0, 2));
        Assert.Equal(loss.ToArray<double>(), surprise.ToArray<double>());
        kernels.CrossEntropyGradient(other, same, targets, weights, smoothing: 0);
        Assert.Equal(other.ToArray<double>(), loss.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal(same.ToArray<double>(), logits.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    static KernelCall Call(int columns, float temperature, double scale = 2) => (bench, k) =>
    {
        var teachers = bench.Output("teachers", columns);
        k.Softmax(teachers, bench.Input("teacher logits", columns, scale), 1 / temperature, 1);
        k.Distillation(bench.Output("loss", 1), bench.Output("cross-entropy", 1), bench.Output("divergence", 1),
            bench.Input("logits, then gradient", columns, scale), teachers,
            bench.Ids("targets", columns, someNegative: true), bench.Input("weights", 1), new(0.3f, 1.4f, temperature));
    };
}
