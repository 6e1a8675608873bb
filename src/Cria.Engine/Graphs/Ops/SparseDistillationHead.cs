using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// <see cref="DistillationHead"/> from predictions that were made beforehand, of which few tokens are kept, row chunk by row chunk.
/// </summary>
/// <remarks>Anshumann et al. 2025, "Sparse Logit Sampling" (arXiv 2503.16870).</remarks>
public sealed class SparseDistillationHead : TaughtLoss
{
    readonly Prediction _student;
    readonly DistillationConstants _constants;
    readonly Value _places;

    /// <param name="student">Gets the gradient.</param>
    /// <param name="teachers">What is kept of the teachers' predictions of the same tokens.</param>
    /// <param name="targets">I32 (R, 1): the next token; a row with a negative one has no loss at all.</param>
    /// <param name="weights">(R, 1)</param>
    /// <param name="constants">The factors of both parts, and T.</param>
    public SparseDistillationHead(Prediction student, SparseTargets teachers, Value targets, Value weights, DistillationConstants constants)
        : base($"sparse distillation {student.Head.Name}", student, targets, weights, teachers.Values)
    {
        teachers.Check(student.Hidden.Rows);
        if (!(constants.Temperature > 0 && constants.CrossEntropy >= 0 && constants.Divergence >= 0))
            throw new ArgumentException($"{constants} needs a temperature above 0 and factors of 0 or more");
        (_student, Teachers, _constants) = (student, teachers, constants);
        _places = Scratch("places", Output.DType, new(ChunkRows, teachers.Most));
        BackwardReads = [student.Hidden, student.Head, targets, weights, .. teachers.Values];
    }

    /// <summary>To be filled before every pass.</summary>
    public SparseTargets Teachers { get; }

    public override IEnumerable<Value> BackwardReads { get; }

    public override long MultiplyAdds => _student.MultiplyAdds;

    public override void Demand(ScratchDemand demand, bool backward)
    {
        if (backward && _student.Bias is not null)
            demand.ColumnSum(ChunkRows, _student.Vocabulary);
    }

    public override void Forward(IKernels k)
    {
        for (int start = 0; HasChunk(start); start = Chunk(start).End)
            Differentiate(k, Chunk(start));
        Sum(k);
    }

    public override void Backward(IKernels k)
    {
        for (int start = 0; HasChunk(start); start = Chunk(start).End)
        {
            var chunk = Chunk(start);
            Differentiate(k, chunk);
            SendGradients(k, _student, chunk);
        }
        Sum(k);
    }

    // The losses, and their gradient in the place of the logits, which are scratch in either pass.
    void Differentiate(IKernels k, LogitsChunk chunk)
    {
        Project(k, _student, chunk, chunk.Logits);
        SparsePredictions kept = new(Part(Teachers.Ids), Part(Teachers.Shares), Part(Teachers.Logs), Part(Teachers.Rests),
            new(_places.Data.Device, _places.Data.Address, _places.DType, new(chunk.Count, Teachers.Most)));
        k.SparseDistillation(chunk.Losses, CrossEntropiesOf(chunk), DivergencesOf(chunk), chunk.Logits, kept, chunk.Targets, chunk.Weights,
            _constants);

        Tensor Part(Value value) => value.Data.RowRange(chunk.Start, chunk.Count);
    }
}
