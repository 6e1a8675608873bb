namespace Cria.Data.Sampling;

/// <summary>
/// Which samples each rank reads. Step <c>s</c> is samples [s · S, (s + 1) · S) of the global numbering, however many ranks
/// share them: in every round each rank takes the B samples of one micro-batch, next to its neighbours'. So with another number of
/// ranks, or another micro-batch, a resumed run goes on with the samples it would have had; its sums are rounded otherwise.
/// </summary>
public readonly record struct StepSlices
{
    /// <param name="samplesPerStep">S: samples of one optimizer step over all ranks.</param>
    /// <param name="microBatchSize">B: samples of one forward pass of one rank.</param>
    /// <param name="rank">From 0.</param>
    /// <param name="worldSize">How many ranks.</param>
    /// <exception cref="DataException">The samples of a step do not divide among the ranks.</exception>
    public StepSlices(long samplesPerStep, int microBatchSize, int rank = 0, int worldSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerStep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(microBatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, worldSize);
        (SamplesPerStep, MicroBatchSize, Rank, WorldSize) = (samplesPerStep, microBatchSize, rank, worldSize);
        long round = (long)microBatchSize * worldSize;
        if (samplesPerStep % round != 0)
        {
            throw new DataException($"a step of {samplesPerStep} samples does not divide among {worldSize} ranks with micro-batches " +
                $"of {microBatchSize}; the nearest is {Math.Max(1, (samplesPerStep + round / 2) / round) * round}.");
        }

        MicroBatches = (int)(samplesPerStep / round);
    }

    /// <summary>Samples of a step over all ranks.</summary>
    public long SamplesPerStep { get; }

    /// <summary>Samples of one forward pass.</summary>
    public int MicroBatchSize { get; }

    /// <summary>Which of the ranks this is.</summary>
    public int Rank { get; }

    /// <summary>How many ranks share a step.</summary>
    public int WorldSize { get; }

    /// <summary>Forward passes of this rank in a step.</summary>
    public int MicroBatches { get; }

    /// <summary>The first sample of a step, over all ranks.</summary>
    public long First(long step) => step * SamplesPerStep;

    /// <summary>The first sample of one of this rank's micro-batches.</summary>
    public long First(long step, int microBatch) =>
        First(step) + ((long)microBatch * WorldSize + Rank) * MicroBatchSize;
}
