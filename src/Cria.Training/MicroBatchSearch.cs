using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Models.Losses;
using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>
/// Finds the micro-batch of a recipe that leaves it open (<c>batch.micro_batch_size: 0</c>): the largest one that divides the
/// sequences of a step, fits into memory and is no larger than is useful. Memory is that of the recorded plan, of which
/// nothing is allocated.
/// </summary>
/// <param name="kernels">The backend of the run.</param>
/// <param name="available">Bytes that the machine has left.</param>
/// <param name="teachers">Of the recipe's loss.</param>
public sealed class MicroBatchSearch(IKernels kernels, long available, params IReadOnlyList<ILanguageModel> teachers)
{
    /// <summary>
    /// Tokens in one forward from which on a CPU is as fast as it will be: its products are large enough to pay for the packing of
    /// the weights, and what lies between them still comes from the cache. Measured: docs/schedules.md.
    /// </summary>
    public const int UsefulRows = 4096;

    /// <summary>The share of the available memory that a run takes at most: others want some, and the runtime has its own.</summary>
    const double Share = 0.8;

    const long Runtime = 150L << 20;

    /// <summary>What teachers said beforehand, where the recipe's loss reads that.</summary>
    public ITaughtSamples? Taught { get; init; }

    /// <summary>The recipe with its micro-batch written out; unchanged where it names one.</summary>
    /// <param name="recipe">With its vocabulary.</param>
    /// <param name="tell">Hears what was chosen and why.</param>
    /// <exception cref="ConfigException">Not even one sequence fits; the message says what would.</exception>
    public Recipe Resolved(Recipe recipe, Action<string> tell)
    {
        if (recipe.Batch.MicroBatchSize != 0)
            return recipe;
        int length = recipe.Data.SequenceLength, sequences = recipe.Batch.TokensPerStep / length;
        long most = (long)(Share * available) - Runtime;
        for (int size = Math.Max(1, Math.Min(sequences, UsefulRows / length)); size >= 1; size--)
        {
            if (sequences % size != 0 || Bytes(recipe, size) is var bytes && bytes > most)
                continue;
            string limit = size == sequences ? "the whole step at once"
                : (size + 1) * (long)length > UsefulRows ? $"more than {UsefulRows:N0} tokens at once are no faster" : "more does not fit or does not divide the step";
            tell($"micro-batch {size} × {length:N0} tokens, {sequences / size} a step: {bytes >> 20:N0} MiB of {available >> 20:N0} MiB available; {limit}");
            return With(recipe, size);
        }
        throw new ConfigException($"one sequence of {length:N0} tokens takes {Bytes(recipe, 1) >> 20:N0} MiB to train on and {Math.Max(0, most) >> 20:N0} MiB may be taken " +
            $"of {available >> 20:N0} MiB available; {WhatFits(recipe, most)}.");
    }

    long Bytes(Recipe recipe, int size) => Account(With(recipe, size)).Total;

    MemoryAccount Account(Recipe recipe)
    {
        int length = recipe.Data.SequenceLength;
        using var model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        using var plan = TrainingPlan.Record(
            model, recipe.Batch.MicroBatchSize, length, recipe.PlanOptions(), loss: recipe.Loss.Create(teachers, Taught)).Plan;
        using var validation = Validation.PassFor(recipe, model, teachers);
        return MemoryAccount.Of(recipe, model, kernels, plan, validation.Plan).With(teachers);
    }

    string WhatFits(Recipe recipe, long most)
    {
        if (!recipe.Batch.Recompute && Bytes(recipe with { Batch = recipe.Batch with { Recompute = true } }, 1) <= most)
            return "with batch.recompute: true it fits";
        for (int length = recipe.Data.SequenceLength / 2; length >= 16; length /= 2)
            if (Bytes(recipe with { Data = recipe.Data with { SequenceLength = length } }, 1) <= most)
                return $"with data.sequence_length {length} it fits";
        return "use a smaller model";
    }

    static Recipe With(Recipe recipe, int size) => recipe with { Batch = recipe.Batch with { MicroBatchSize = size } };
}
