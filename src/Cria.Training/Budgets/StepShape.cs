using Cria.Models;

namespace Cria.Training.Budgets;

/// <summary>A Llama and the tokens it computes at once: all that the time of a training step depends on.</summary>
/// <param name="Model">Its vocabulary is set.</param>
/// <param name="Sequences">B</param>
/// <param name="Length">T</param>
public sealed record StepShape(LlamaConfig Model, int Sequences, int Length)
{
    public int Rows => Sequences * Length;

    /// <summary>Numbers in the blocks: the layers' matrices and norms, and the last norm.</summary>
    public long BodyParameters => Products + (2L * Model.NumHiddenLayers + 1) * Model.HiddenSize;

    /// <summary>Numbers in the embedding, which is the head as well where both are tied.</summary>
    public long EmbeddingParameters => (long)Model.VocabSize * Model.HiddenSize * (Model.TieWordEmbeddings ? 1 : 2);

    public long Parameters => BodyParameters + EmbeddingParameters;

    public long FlopsPerToken => Model.FlopsPerToken(Length);

    /// <summary>Multiply-adds of the layers' products, a token.</summary>
    long Products => Model.MatMulWeights - (long)Model.VocabSize * Model.HiddenSize;

    /// <summary>
    /// What a step consists of, as counts that its time is a sum over (<see cref="StepCost"/>): operations begun; multiply-adds of the
    /// layers, rows they walk over beside; multiply-adds of the head, its exponentials; attention's multiply-adds and
    /// exponentials; parameters updated.
    /// </summary>
    internal double[] Work()
    {
        double rows = Rows, layers = Model.NumHiddenLayers, attention = Model.AttentionColumns;
        return
        [
            layers + 2,
            rows * Products,
            rows * layers * (6.0 * Model.HiddenSize + 2 * attention + 2 * Model.KeyValueColumns + 4.0 * Model.IntermediateSize),
            rows * Model.VocabSize * Model.HiddenSize,
            rows * Model.VocabSize,
            rows * layers * attention * Length,
            rows * layers * Model.NumAttentionHeads * Length,
            Parameters,
        ];
    }
}
