using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>
/// Labels that a model draws from its own softmax: a function of (seed, step, row of the training data) and the logits alone, so
/// that they are the same on any number of threads, in a resumed run and however a step is cut into micro-batches.
/// </summary>
/// <param name="seed">Of the run.</param>
/// <param name="place">I32 (3): the number that the first row has in the training data, lower half first, and the step.</param>
public readonly struct SampledLabels(ulong seed, Tensor place)
{
    /// <summary>The bytes of a place.</summary>
    public const int PlaceBytes = 3 * sizeof(int);

    readonly Philox _noise = Philox.For(seed, "sampled labels");

    /// <summary>Says where the next rows lie.</summary>
    /// <param name="firstRow">How many rows (tokens) of the training data come before them.</param>
    /// <param name="step">Counted from 1.</param>
    public void Fill(long firstRow, int step) => place.Write<int>([(int)firstRow, (int)(firstRow >> 32), step]);

    public Philox Noise => _noise;

    /// <summary>In host memory: the number of row 0.</summary>
    public long FirstRow
    {
        get
        {
            var where = place.Span<int>();
            return (uint)where[0] | (long)where[1] << 32;
        }
    }

    /// <summary>In host memory.</summary>
    public int Step => place.Span<int>()[2];

    /// <summary>A number in [0, 1) for a row: its label is where the sum of the probabilities of all tokens up to it passes this.</summary>
    /// <param name="noise">The run's.</param>
    /// <param name="row">Its number in the training data.</param>
    /// <param name="step">Of the draw.</param>
    public static double Share(Philox noise, long row, int step)
    {
        var (a, b, _, _) = noise.Words((ulong)row, (ulong)step);
        return (((ulong)a << 32 | b) >> 11) * (1.0 / (1ul << 53));
    }
}
