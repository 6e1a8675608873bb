using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>
/// Which numbers a training step drops (Srivastava et al. 2014, "Dropout"): a function of (seed, op, row of the training
/// data, column) alone. So backward and recomputation find the same mask without storing it, any number of threads and any
/// vector width do, a resumed run does, and it does not matter how a step is cut into micro-batches. What stays is divided
/// by 1 − rate, so that the mean stays. The default drops nothing.
/// </summary>
/// <param name="rate">The share that is dropped, below 1.</param>
/// <param name="noise">The op's own stream.</param>
/// <param name="place">I32 (2): the number that the step's first row has in the training data, lower half first.</param>
public readonly struct DropoutMask(float rate, Philox noise, Tensor place)
{
    public Philox Noise => noise;

    public bool Drops => rate > 0;

    /// <summary>What stays is multiplied by it.</summary>
    public double Scale => 1 / (1.0 - rate);

    /// <summary>A word below it drops its number.</summary>
    public uint Threshold => (uint)(rate * 4294967296.0);

    /// <summary>In host memory: the number of row 0.</summary>
    public long FirstRow
    {
        get
        {
            var halves = place.Span<int>();
            return (uint)halves[0] | (long)halves[1] << 32;
        }
    }

    /// <summary>Two keys for a row, or for a query and head of attention.</summary>
    /// <param name="noise">The op's.</param>
    /// <param name="row">Its number in the training data.</param>
    /// <param name="head">0 where there are none.</param>
    public static (uint Before, uint Between) Keys(Philox noise, long row, int head = 0)
    {
        var (a, b, _, _) = noise.Words((ulong)row, (ulong)head);
        return (a, b);
    }

    /// <summary>What a number is multiplied by; the column of an attention is the key's place in its segment.</summary>
    public double Factor(long row, int head, int column) =>
        Drops && RoundingNoise.Word((uint)column, Keys(noise, row, head)) < Threshold ? 0 : Scale;
}
