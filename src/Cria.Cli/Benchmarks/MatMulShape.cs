using Cria.Training.Recipes;

namespace Cria.Cli.Benchmarks;

/// <summary>A product as BLAS writes it: C (m, n) = op(A) · op(B), k summed.</summary>
public readonly record struct MatMulShape(int M, int N, int K, bool TransA, bool TransB)
{
    public double Flops => 2.0 * M * N * K;

    /// <summary>The products of a training step: x·wᵀ, dy·w and dyᵀ·x of every projection of a decoder.</summary>
    public static IReadOnlyList<MatMulShape> OfStep(int rows, int hidden, int queries, int keys, int intermediate, int vocabulary)
    {
        var shapes = new List<MatMulShape>();
        foreach (var (outputs, inputs) in ((int, int)[])
            [(queries, hidden), (keys, hidden), (hidden, queries), (intermediate, hidden), (hidden, intermediate), (vocabulary, hidden)])
        {
            shapes.Add(new(rows, outputs, inputs, false, true));
            shapes.Add(new(rows, inputs, outputs, false, false));
            shapes.Add(new(outputs, inputs, rows, true, false));
        }
        return [.. shapes.Distinct()];
    }

    /// <summary>The products that <c>bench matmul</c> times, by the name of their group.</summary>
    public static IReadOnlyList<(string Group, IReadOnlyList<MatMulShape> Shapes)> Groups =>
    [
        ("step", OfStep(2048, 512, 512, 256, 1408, 8192)), // lilLM-39M at 4 × 512
        ("small", SmallDepths),
        ("gpt2", OfStep(256, 768, 768, 768, 3072, 50304)), // GPT-2 124M at 4 × 64
    ];

    /// <summary>The layers of models 128 and 256 wide, where k is 64 to 256: there is little work to pay for packing.</summary>
    static IReadOnlyList<MatMulShape> SmallDepths =>
        [.. OfStep(2048, 128, 128, 64, 352, 2048).Concat(OfStep(4096, 256, 256, 128, 768, 4096)).Where(shape => shape.K <= 256).Distinct()];

    /// <summary>The products of a recipe's micro-batch.</summary>
    public static IReadOnlyList<MatMulShape> OfStep(Recipe recipe)
    {
        var model = recipe.Model;
        int rows = recipe.Batch.MicroBatchSize * recipe.Data.SequenceLength;
        return OfStep(rows, model.HiddenSize, model.AttentionColumns, model.KeyValueColumns, model.MlpColumns, model.VocabSize);
    }
}
