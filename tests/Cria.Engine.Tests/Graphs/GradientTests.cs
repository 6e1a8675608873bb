using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;

namespace Cria.Engine.Tests.Graphs;

public sealed class GradientTests
{
    [Theory, InlineData(1, 1, 1), InlineData(3, 7, 5), InlineData(5, 4, 17)]
    public void MatMul(int rows, int outputs, int inputs)
    {
        using var world = new GradientWorld();
        var product = world.Graph.MatMul(world.Matrix("x", rows, inputs), world.Matrix("w", outputs, inputs));
        world.Check(world.Graph.Record(new WeightedTotal(product)));
    }

    [Theory, InlineData(true, true), InlineData(true, false), InlineData(false, true)]
    public void MatMul_with_bias_and_residual(bool hasBias, bool hasResidual)
    {
        using var world = new GradientWorld();
        var bias = hasBias ? world.Vector("bias", 7) : null;
        var residual = world.Matrix("residual", 3, 7);
        var product = world.Graph.MatMul(world.Matrix("x", 3, 5), world.Matrix("w", 7, 5), bias, hasResidual ? residual : null);
        var sum = world.Graph.Add(product, residual); // the residual has two readers: the second gradient adds
        world.Check(world.Graph.Record(new WeightedTotal(sum)));
    }

    [Fact]
    public void Embed_with_repeated_and_unused_rows()
    {
        using var world = new GradientWorld();
        var rows = world.Graph.Embed(world.Matrix("table", 6, 5), world.Integers("ids", 4, 0, 4, 4, 2, 0));
        world.Check(world.Graph.Record(new WeightedTotal(rows)));
    }

    [Theory, InlineData(1, 3), InlineData(4, 7), InlineData(3, 33)]
    public void RmsNorm(int rows, int columns)
    {
        using var world = new GradientWorld();
        var normed = world.Graph.RmsNorm(world.Matrix("x", rows, columns), world.Vector("weight", columns), 1e-5f);
        world.Check(world.Graph.Record(new WeightedTotal(normed)));
    }

    [Theory, InlineData(1, 3, true), InlineData(4, 7, true), InlineData(3, 33, false)]
    public void LayerNorm(int rows, int columns, bool hasBias)
    {
        using var world = new GradientWorld();
        var normed = world.Graph.LayerNorm(world.Matrix("x", rows, columns), world.Vector("weight", columns),
            hasBias ? world.Vector("bias", columns) : null, 1e-5f);
        world.Check(world.Graph.Record(new WeightedTotal(normed)));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Gelu(bool exact)
    {
        using var world = new GradientWorld();
        var x = world.Matrix("x", 3, 17);
        var sum = world.Graph.Add(exact ? world.Graph.ErfGelu(x) : world.Graph.Gelu(x), x); // x has two readers: the second gradient adds
        world.Check(world.Graph.Record(new WeightedTotal(sum)));
    }

    [Theory, InlineData(1, 3), InlineData(4, 7)]
    public void RmsNorm_by_heads(int heads, int headDim)
    {
        using var world = new GradientWorld();
        var normed = world.Graph.RmsNorm(world.Matrix("x", 5, heads * headDim), world.Vector("weight", headDim), 1e-5f, heads);
        world.Check(world.Graph.Record(new WeightedTotal(normed)));
    }

    [Fact]
    public void Dropout()
    {
        using var world = new GradientWorld();
        var documents = world.Documents(2, 3);
        var x = world.Matrix("x", 5, 17);
        var sum = world.Graph.Add(world.Graph.Dropout(x, 0.4f, documents), x); // x has two readers: the second gradient adds
        world.Check(world.Graph.Record(new WeightedTotal(sum)));
    }

    [Theory, InlineData(2, 1, 3, true), InlineData(3, 3, 4, false)]
    public void Attention_with_dropout(int heads, int keyHeads, int headDim, bool causal)
    {
        using var world = new GradientWorld();
        var shape = new AttentionShape(heads, keyHeads, headDim, 0.7f, causal);
        var documents = world.Documents(4, 0, 1, 6);
        var attended = world.Graph.Attention(world.Matrix("q", 11, heads * headDim), world.Matrix("k", 11, keyHeads * headDim),
            world.Matrix("v", 11, keyHeads * headDim), documents, shape, dropout: 0.3f);
        world.Check(world.Graph.Record(new WeightedTotal(attended)));
    }

    [Theory, InlineData(1, 2, 2), InlineData(3, 6, 6), InlineData(3, 7, 4)]
    public void Rope(int heads, int headDim, int rotaryDim)
    {
        using var world = new GradientWorld();
        var turned = world.Graph.Rope(world.Matrix("x", 5, heads * headDim), world.Integers("positions", 3, 0, 1, 17, 40),
            world.Rope(headDim, rotaryDim));
        world.Check(world.Graph.Record(new WeightedTotal(turned)));
    }

    [Fact]
    public void Add_and_SwiGlu()
    {
        using var world = new GradientWorld();
        var (a, b) = (world.Matrix("a", 3, 7), world.Matrix("b", 3, 7));
        var sum = world.Graph.Add(world.Graph.SwiGlu(a, b), b); // b has two readers: the second gradient adds
        world.Check(world.Graph.Record(new WeightedTotal(sum)));
    }

    [Theory]
    [InlineData(1, 1, 3, true), InlineData(4, 2, 2, true), InlineData(4, 1, 3, true), InlineData(2, 2, 5, false)]
    public void Attention(int heads, int keyHeads, int headDim, bool causal)
    {
        using var world = new GradientWorld();
        var shape = new AttentionShape(heads, keyHeads, headDim, 0.7f, causal);
        var documents = world.Documents(4, 0, 1, 6);
        var attended = world.Graph.Attention(world.Matrix("q", 11, heads * headDim), world.Matrix("k", 11, keyHeads * headDim),
            world.Matrix("v", 11, keyHeads * headDim), documents, shape);
        world.Check(world.Graph.Record(new WeightedTotal(attended)));
    }

    [Fact]
    public void The_loss_head_in_several_chunks()
    {
        using var world = new GradientWorld();
        int rows = 520, words = 17; // a chunk has 512 rows at most
        var targets = world.Integers("targets", [.. Enumerable.Range(0, rows).Select(r => r % 7 == 3 ? -1 : r * 31 % words)]);
        var weights = world.Numbers("weights", [.. Enumerable.Range(0, rows).Select(r => 0.01 * (r % 5))]);
        var head = world.Graph.CrossEntropyHead(
            world.Matrix("hidden", rows, 2), world.Matrix("head", words, 2), targets, weights, world.Vector("bias", words));
        world.Check(head.Output, atMost: 2);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void The_loss_head(bool hasBias)
    {
        using var world = new GradientWorld();
        var head = world.Graph.CrossEntropyHead(world.Matrix("hidden", 5, 4), world.Matrix("head", 7, 4),
            world.Integers("targets", 3, 0, -1, 6, 3), world.Numbers("weights", 0.3, 0.1, 0.2, 0, 0.4), hasBias ? world.Vector("bias", 7) : null);
        world.Check(head.Output);
    }

    [Fact]
    public void The_loss_head_with_smoothed_labels()
    {
        using var world = new GradientWorld();
        var head = new LossHead(new(world.Matrix("hidden", 5, 4), world.Matrix("head", 7, 4), world.Vector("bias", 7)),
            world.Integers("targets", 3, 0, -1, 6, 3), world.Numbers("weights", 0.3, 0.1, 0.2, 0, 0.4), smoothing: 0.2f);
        world.Check(world.Graph.Record(head));
    }

    [Theory]
    [InlineData(EnsembleMean.Logits, 2), InlineData(EnsembleMean.Probabilities, 2)]
    [InlineData(EnsembleMean.Logits, 1), InlineData(EnsembleMean.Probabilities, 0.5f)]
    public void The_distillation_head(EnsembleMean mean, float temperature)
    {
        using var world = new GradientWorld();
        var student = new Prediction(world.Matrix("hidden", 5, 4), world.Matrix("head", 7, 4), world.Vector("bias", 7));
        Prediction[] teachers = [world.Frozen(5, 3, 7, hasBias: true), world.Frozen(5, 6, 7)];
        var head = new DistillationHead(student, teachers, mean, world.Integers("targets", 3, 0, -1, 6, 3),
            world.Numbers("weights", 0.3, 0.1, 0.2, 0, 0.4), new(0.3f, 1.7f, temperature));
        world.Check(world.Graph.Record(head));
    }

    [Fact]
    public void The_distillation_head_in_several_chunks()
    {
        using var world = new GradientWorld();
        int rows = 520, words = 17; // a chunk has 512 rows at most
        var targets = world.Integers("targets", [.. Enumerable.Range(0, rows).Select(r => r % 7 == 3 ? -1 : r * 31 % words)]);
        var weights = world.Numbers("weights", [.. Enumerable.Range(0, rows).Select(r => 0.01 * (r % 5))]);
        var student = new Prediction(world.Matrix("hidden", rows, 2), world.Matrix("head", words, 2));
        var head = new DistillationHead(student, [world.Frozen(rows, 3, words)], EnsembleMean.Logits, targets, weights, new(0.5f, 0.5f, 1));
        world.Check(world.Graph.Record(head), atMost: 2);
    }

    [Theory]
    [InlineData(0, 1), InlineData(0, 2), InlineData(0.4, 1), InlineData(0.4, 0.5f)]
    public void The_sparse_distillation_head(double rest, float temperature)
    {
        using var world = new GradientWorld();
        var student = new Prediction(world.Matrix("hidden", 5, 4), world.Matrix("head", 7, 4), world.Vector("bias", 7));
        var head = new SparseDistillationHead(student, world.Kept(5, 7, rest), world.Integers("targets", 3, 0, -1, 6, 3),
            world.Numbers("weights", 0.3, 0.1, 0.2, 0, 0.4), new(0.3f, 1.7f, temperature));
        world.Check(world.Graph.Record(head));
    }

    [Fact]
    public void The_sparse_distillation_head_in_several_chunks()
    {
        using var world = new GradientWorld();
        int rows = 520, words = 17; // a chunk has 512 rows at most
        var targets = world.Integers("targets", [.. Enumerable.Range(0, rows).Select(r => r % 7 == 3 ? -1 : r * 31 % words)]);
        var weights = world.Numbers("weights", [.. Enumerable.Range(0, rows).Select(r => 0.01 * (r % 5))]);
        var student = new Prediction(world.Matrix("hidden", rows, 2), world.Matrix("head", words, 2));
        var head = new SparseDistillationHead(student, world.Kept(rows, words, 0.2), targets, weights, new(0.5f, 0.5f, 1));
        world.Check(world.Graph.Record(head), atMost: 2);
    }

    [Fact]
    public void A_sum_of_two_losses()
    {
        using var world = new GradientWorld();
        var (hidden, head) = (world.Matrix("hidden", 4, 3), world.Matrix("head", 7, 3));
        var weights = world.Numbers("weights", 0.3, 0.1, 0.2, 0.4);
        var first = world.Graph.CrossEntropyHead(hidden, head, world.Integers("targets", 3, 0, 5, 6), weights);
        var second = world.Graph.CrossEntropyHead(hidden, world.Matrix("other", 5, 3), world.Integers("others", 1, 4, 0, 2), weights);
        world.Check(world.Graph.Add(first.Output, second.Output));
    }
}
