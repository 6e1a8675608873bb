using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Graphs;

namespace Cria.Engine.Tests.Plans;

public sealed class RecordingTests
{
    static readonly AttentionShape TwoHeads = new(2, 1, 4, 0.5f);

    [Fact]
    public void Values_that_live_at_the_same_time_never_share_a_byte()
    {
        foreach (bool recompute in new[] { false, true })
        {
            using var model = new SmallLlama(options: new(recompute));
            var values = Values(model.Graph).Where(v => model.Plan.LifetimeOf(v) is not null).Distinct().ToList();
            Assert.True(values.Count > 60);
            for (int i = 0; i < values.Count; i++)
                for (int j = 0; j < i; j++)
                    Assert.False(LiveTogether(model.Plan, values[i], values[j]) && Share(values[i], values[j]),
                        $"{values[i]} and {values[j]} share memory");
        }
    }

    [Fact]
    public void A_value_lives_from_its_first_write_to_its_last_declared_read()
    {
        using var model = new SmallLlama();
        var steps = model.Plan.Steps;
        for (int i = 0; i < steps.Count; i++)
            foreach (var read in steps[i].Pass == Pass.Backward ? steps[i].Op.BackwardReads : steps[i].Op.Inputs)
                if (model.Plan.LifetimeOf(read) is { } spans)
                    Assert.Contains(spans, span => span.First <= i && i <= span.Last);
        var product = steps.First(s => s.Op.Name.EndsWith("layer0.o", StringComparison.Ordinal)); // its only reader is the sum
        int made = steps.ToList().IndexOf(product);
        Assert.Equal([(made, made + 1)], model.Plan.LifetimeOf(product.Op.Output)!);
    }

    [Fact]
    public void Recomputation_needs_less_memory_and_repeats_only_cheap_ops()
    {
        using var plain = new SmallLlama(rows: 256);
        using var saving = new SmallLlama(rows: 256, options: new(Recompute: true));
        Assert.True(saving.Plan.ArenaBytes < plain.Plan.ArenaBytes);
        Assert.All(saving.Plan.Steps.Where(s => s.Pass == Pass.Recompute), s => Assert.True(s.Op.IsCheap));
    }

    [Fact]
    public void The_report_names_every_step_and_where_the_model_called_it()
    {
        using var model = new SmallLlama();
        var rows = PlanReport.Rows(model.Plan);
        Assert.Equal(model.Plan.Steps.Count, rows.Count);
        Assert.All(rows, row => Assert.StartsWith("SmallLlama.cs:", row.Caller, StringComparison.Ordinal));
        string text = PlanReport.Text(model.Plan);
        foreach (string name in new[] { "embed embedding", "rmsnorm norm", "matmul layer1.down", "attention", "loss embedding" })
            Assert.Contains(name, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forward_plan_has_one_step_an_op_and_keeps_what_it_is_asked_for()
    {
        using var store = Store();
        var graph = new Graph();
        var w = store.Add("w", new(4, 4), new Initializer.Normal(1), ParameterKind.Matrix);
        var x = graph.Input("x", DType.F32, new(2, 4));
        var first = graph.MatMul(x, w);
        var last = graph.MatMul(graph.MatMul(first, w), w);
        using var plan = Plan.Forward(graph, CpuDevice.Instance, first, last);
        Assert.Equal(graph.Ops, plan.Steps.Select(s => s.Op));
        Assert.Equal([(0, 3)], plan.LifetimeOf(first)!);
        Assert.Equal([(2, 3)], plan.LifetimeOf(last)!);
    }

    [Fact]
    public void A_graph_serves_one_plan()
    {
        using var model = new SmallLlama();
        var error = Assert.Throws<InvalidOperationException>(() => Plan.Forward(model.Graph, CpuDevice.Instance));
        Assert.Contains("record the model again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_op_that_takes_one_value_twice_is_refused()
    {
        using var store = Store();
        var w = store.Add("w", new(3, 3), new Initializer.Normal(1), ParameterKind.Matrix);
        store.Allocate(withGradients: true);
        var graph = new Graph(DType.F64);
        var loss = graph.Record(new WeightedTotal(graph.Add(w, w)));
        Assert.Contains("twice", Assert.Throws<InvalidOperationException>(() =>
            Plan.Training(graph, loss, CpuDevice.Instance)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_nothing_trainable_reaches_is_refused()
    {
        using var store = Store();
        var w = store.Add("w", new(3, 3), new Initializer.Normal(1), ParameterKind.Matrix);
        w.Trainable = false;
        store.Allocate(withGradients: true);
        var graph = new Graph(DType.F64);
        var loss = graph.Record(new WeightedTotal(w));
        Assert.Throws<InvalidOperationException>(() => Plan.Training(graph, loss, CpuDevice.Instance));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_when_they_are_recorded()
    {
        using var store = Store();
        var graph = new Graph();
        var w = store.Add("w", new(8, 4), new Initializer.Normal(1), ParameterKind.Matrix);
        var x = graph.Input("x", DType.F32, new(3, 8));
        var sequence = new Sequence(graph, 3, 1, 3);
        Assert.Throws<ArgumentException>(() => graph.MatMul(x, w));
        var square = store.Add("square", new(8, 8), new Initializer.Normal(1), ParameterKind.Matrix);
        Assert.Throws<ArgumentException>(() => graph.MatMul(x, square, bias: w));
        Assert.Throws<ArgumentException>(() => graph.MatMul(x, square, null, residual: graph.Input("z", DType.F32, new(4, 8))));
        Assert.Throws<ArgumentException>(() => graph.Add(x, graph.Input("y", DType.F32, new(4, 8))));
        Assert.Throws<ArgumentException>(() => graph.RmsNorm(x, w, 1e-5f));
        Assert.Throws<ArgumentException>(() => graph.Attention(x, x, x, sequence, TwoHeads));
    }

    static ParameterStore Store() => new(CpuDevice.Instance);

    static IEnumerable<Value> Values(Graph graph) => graph.Ops
        .SelectMany(op => (IEnumerable<Value>)[op.Output, .. op.SavedValues, .. op.ScratchValues, .. op.Inputs])
        .SelectMany(v => v.Gradient is { } gradient ? new[] { v, gradient } : [v]);

    static bool LiveTogether(Plan plan, Value a, Value b) => plan.LifetimeOf(a)!.Any(x =>
        plan.LifetimeOf(b)!.Any(y => x.First <= y.Last && y.First <= x.Last));

    static bool Share(Value a, Value b) =>
        a.Data.Address < b.Data.Address + b.SizeInBytes && b.Data.Address < a.Data.Address + a.SizeInBytes;
}
