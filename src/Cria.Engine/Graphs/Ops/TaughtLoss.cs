using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// A loss of two parts, whose ops differ in what teachers say and where it comes from: c · the cross-entropy of the next token
/// + d · the divergence from the teachers. The output is the loss, and behind it the two parts by themselves, each Σ weights[r] · part[r].
/// </summary>
public abstract class TaughtLoss : VocabularyLoss
{
    /// <summary>The loss and its parts.</summary>
    const int Totals = 3;

    /// <param name="teachers">Predictions that are made in the same plan.</param>
    private protected TaughtLoss(string name, Prediction student, Value targets, Value weights, IEnumerable<Prediction> teachers)
        : base(name, student, targets, weights, Totals, teachers)
    {
        CrossEntropies = Saved("cross-entropies", student.Hidden, 1);
        Divergences = Saved("divergences", student.Hidden, 1);
    }

    /// <param name="more">What the loss reads of teachers who were asked beforehand.</param>
    private protected TaughtLoss(string name, Prediction student, Value targets, Value weights, Value[] more)
        : base(name, student, targets, weights, Totals, more)
    {
        CrossEntropies = Saved("cross-entropies", student.Hidden, 1);
        Divergences = Saved("divergences", student.Hidden, 1);
    }

    /// <summary>(R, 1): the cross-entropy of each row with its next token, in nats, times nothing.</summary>
    public Value CrossEntropies { get; }

    /// <summary>(R, 1): KL(teachers ‖ student) of each row at the loss's temperature, in nats, times nothing.</summary>
    public Value Divergences { get; }

    /// <summary>The cross-entropies of a chunk's rows.</summary>
    private protected Tensor CrossEntropiesOf(LogitsChunk chunk) => CrossEntropies.Data.RowRange(chunk.Start, chunk.Count);

    /// <summary>The divergences of a chunk's rows.</summary>
    private protected Tensor DivergencesOf(LogitsChunk chunk) => Divergences.Data.RowRange(chunk.Start, chunk.Count);

    private protected override void Sum(IKernels k)
    {
        base.Sum(k);
        Total(k, 1, CrossEntropies);
        Total(k, 2, Divergences);
    }
}
