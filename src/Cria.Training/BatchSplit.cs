using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>Micro-batches a step, from what the recipe says of tokens.</summary>
public static class BatchSplit
{
    const int MaxRows = 1 << 24;

    /// <summary>Rows of a step, padding included.</summary>
    public static long TokensPerStep(Recipe recipe) => recipe.Batch.MicroBatchSize == 0
        ? Open(recipe)
        : (long)MicroBatches(recipe) * recipe.Batch.MicroBatchSize * recipe.Data.SequenceLength;

    /// <summary>The recipe with the tokens of a step written out, and with what follows from them.</summary>
    public static Recipe Resolved(Recipe recipe)
    {
        int tokens = checked((int)TokensPerStep(recipe));
        return recipe with
        {
            Batch = recipe.Batch with { TokensPerStep = tokens },
            Optimizer = recipe.Optimizer.For(tokens),
        };
    }

    public static int MicroBatches(Recipe recipe)
    {
        int batch = recipe.Batch.MicroBatchSize, length = recipe.Data.SequenceLength, wanted = recipe.Batch.TokensPerStep;
        if (batch < 1 || length < 1)
            throw new ConfigException($"batch.micro_batch_size {batch} and data.sequence_length {length} must be at least 1.");
        if (length > recipe.Model.MaxPositionEmbeddings)
            throw new ConfigException($"data.sequence_length {length} exceeds the model's max_position_embeddings {recipe.Model.MaxPositionEmbeddings}.");
        if ((long)batch * length > MaxRows)
            throw new ConfigException($"batch.micro_batch_size {batch} × data.sequence_length {length} is more than {MaxRows:N0} tokens at once; " +
                "use a smaller micro-batch, and tokens_per_step for the rest.");
        int micro = batch * length;
        if (wanted == 0)
            return 1;
        if (wanted % micro != 0)
            throw new ConfigException($"batch.tokens_per_step {wanted:N0} is not a multiple of micro_batch_size × sequence_length = " +
                $"{micro:N0}; the nearest is {Math.Max(1, (wanted + micro / 2L) / micro) * micro:N0}.");
        return wanted / micro;
    }

    // The micro-batch is still to be found: its multiples are.
    static long Open(Recipe recipe)
    {
        int length = recipe.Data.SequenceLength, wanted = recipe.Batch.TokensPerStep;
        if (wanted < 1)
            throw new ConfigException("batch.micro_batch_size 0 is found from memory and batch.tokens_per_step, which is missing; " +
                $"give it, for example {8 * Math.Max(1, length)}.");
        _ = MicroBatches(recipe with { Batch = recipe.Batch with { MicroBatchSize = 1 } });
        return wanted;
    }
}
