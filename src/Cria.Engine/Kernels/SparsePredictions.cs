using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>What is kept of the predictions of R rows, at most K tokens of each.</summary>
/// <param name="ids">I32 (R, K): the kept tokens of a row, each once; after the last of fewer than K stands −1.</param>
/// <param name="shares">(R, K): what each counts, which a teacher's probability is, or an estimate of it.</param>
/// <param name="logs">(R, K): the logarithm of each one's probability.</param>
/// <param name="rests">(R, 1): the probability of all other tokens together; 0 where the kept tokens stand for all, and in a row
/// that keeps every token.</param>
/// <param name="places">(R, K): scratch.</param>
public readonly struct SparsePredictions(Tensor ids, Tensor shares, Tensor logs, Tensor rests, Tensor places)
{
    public Tensor Ids => ids;

    public Tensor Shares => shares;

    public Tensor Logs => logs;

    public Tensor Rests => rests;

    public Tensor Places => places;
}
