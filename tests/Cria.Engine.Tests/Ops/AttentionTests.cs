using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class AttentionTests
{
    public static TheoryData<int[]> Layouts => new()
    {
        new[] { 1 }, new[] { 15, 16, 17 }, new[] { 31, 0, 32, 33 }, new[] { 0, 63, 1, 0, 64, 1, 1 }, new[] { 65 },
        new[] { 127 }, new[] { 129, 3 }, new[] { 1, 1, 1, 1, 1, 1, 1 }, new[] { 2, 128, 5 }, new[] { 0, 0, 7, 0 }, new[] { 0 },
    };

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (int headDim in new[] { 8, 16, 32, 48, 64, 80, 128 })
                foreach (var (heads, keyHeads) in new[] { (2, 2), (4, 2), (4, 1) })
                    shapes.Add(heads, keyHeads, headDim);
            shapes.Add(1, 1, 6);
            shapes.Add(3, 1, 20);
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Every_backend_agrees_with_the_reference_on_every_layout(int[] lengths)
    {
        int rows = lengths.Sum();
        foreach (bool causal in new[] { true, false })
        {
            Agreement.Holds(rows, Call(lengths, Shape(4, 2, 16, causal), SinkMode.Overwrite));
            Agreement.Holds(new(rows + 9, rows), Call(lengths, Shape(2, 2, 32, causal), SinkMode.Add, unused: 3));
        }
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Every_backend_drops_the_same_probabilities_forward_and_back(int[] lengths)
    {
        int rows = lengths.Sum();
        foreach (var (heads, keyHeads, dim) in new[] { (4, 2, 16), (2, 1, 12) })
        {
            var shape = Shape(heads, keyHeads, dim, causal: dim == 16);
            Agreement.Holds(rows, Call(lengths, shape, SinkMode.Overwrite, dropout: 0.25f));
            Agreement.Holds(new(rows + 9, rows), Call(lengths, shape, SinkMode.Add, unused: 3, dropout: 0.1f));
            Agreement.IsTheSameOnAnyNumberOfThreads(rows, Call(lengths, shape, SinkMode.Overwrite, dropout: 0.25f));
        }
    }

    [Fact]
    public void Dropping_a_probability_changes_nothing_but_what_it_weighed()
    {
        // One query sees one key: its probability is 1, and y is the value times 0 or 1 / (1 − 0.5).
        int[] lengths = [.. Enumerable.Repeat(1, 64)];
        var shape = Shape(2, 2, 16);
        foreach (var kernels in Backends.With(threads: 2))
        {
            var results = Agreement.Run(kernels, DType.F32, 64, Call(lengths, shape, SinkMode.Overwrite, dropout: 0.5f));
            double[] values = results.Single(r => r.Name == "v").Values, mixed = results.Single(r => r.Name == "y").Values;
            int dropped = mixed.Count(value => value == 0) / 16;
            Assert.InRange(dropped, 40, 88); // of 128
            for (int i = 0; i < mixed.Length; i++)
                Assert.True(mixed[i] == 0 || Math.Abs(mixed[i] - 2 * values[i]) < 1e-5, kernels.Name);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Every_backend_agrees_with_the_reference_on_every_head(int heads, int keyHeads, int headDim)
    {
        foreach (var mode in Sizes.Modes)
            Agreement.Holds(new(56, 51), Call([33, 0, 1, 17], Shape(heads, keyHeads, headDim), mode));
    }

    [Fact]
    public void Scores_of_many_hundreds_do_not_overflow() =>
        Agreement.Holds(40, Call([40], Shape(2, 1, 16) with { Scale = 30 }, SinkMode.Overwrite), 1e-3);

    [Theory, MemberData(nameof(Layouts))]
    public void Any_number_of_threads_gives_the_same_bits(int[] lengths) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(lengths.Sum() + 2, lengths.Sum()),
            Call(lengths, Shape(4, 2, 32), SinkMode.Overwrite, unused: 1));

    [Theory, MemberData(nameof(Layouts))]
    public void A_document_among_others_has_the_bits_it_has_alone(int[] lengths)
    {
        var shape = Shape(4, 2, 16);
        foreach (var (kernels, dropout) in Backends.With(threads: 2).SelectMany(k => new[] { (k, 0), (k, 0.2f) }))
        {
            var packed = Agreement.Run(kernels, DType.F32, lengths.Sum(), Call(lengths, shape, SinkMode.Overwrite, dropout: dropout));
            int first = 0;
            foreach (int length in lengths)
            {
                var alone = Agreement.Run(kernels, DType.F32, new(length, length, first),
                    Call([length], shape, SinkMode.Overwrite, dropout: dropout));
                Agreement.RowsAreIdentical(kernels.Name, packed, alone, first);
                first += length;
            }
        }
    }

    static AttentionShape Shape(int heads, int keyHeads, int headDim, bool causal = true) =>
        new(heads, keyHeads, headDim, 1 / MathF.Sqrt(headDim), causal);

    static KernelCall Call(int[] lengths, AttentionShape shape, SinkMode mode, int unused = 0, float dropout = 0) => (bench, k) =>
    {
        int wide = shape.NumHeads * shape.HeadDim, narrow = shape.NumKeyValueHeads * shape.HeadDim;
        var spans = bench.Spans(lengths, unused);
        if (dropout > 0)
            spans = spans with { Dropout = new(dropout, Philox.For(1, "dropout 0"), bench.Integers("place", 900 + bench.FirstRow, 3)) };
        var (q, keys, values) = (bench.Input("q", wide), bench.Input("k", narrow), bench.Input("v", narrow));
        var (y, logSumExp) = (bench.Output("y", wide), bench.Output("logSumExp", shape.NumHeads));
        k.Attention(y, logSumExp, q, keys, values, spans, shape);
        k.AttentionBackward(bench.Sink("dq", wide, mode), bench.Sink("dk", narrow, mode), bench.Sink("dv", narrow, mode),
            bench.Scratch("delta", shape.NumHeads), bench.Input("dy", wide), y, logSumExp, q, keys, values, spans, shape);
    };
}
