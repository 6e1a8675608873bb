using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// A student's loss from the next token and from teachers, of whom nothing but predictions is needed, row chunk by row chunk:
/// loss = c · CE(next token, softmax(s)) + d · KL(p ‖ softmax(s / T)), where p is the teachers' prediction at temperature T.
/// No gradient goes to the teachers.
/// </summary>
/// <remarks>Hinton et al. 2015, "Distilling the knowledge in a neural network"; several teachers: Timiryasov and Tastet 2023.</remarks>
public sealed class DistillationHead : TaughtLoss
{
    readonly Prediction _student;
    readonly Prediction[] _teachers;
    readonly float[] _shares;
    readonly EnsembleMean _mean;
    readonly DistillationConstants _constants;
    readonly Value _probabilities;
    readonly Value? _teacherLogits;

    /// <param name="student">Gets the gradient.</param>
    /// <param name="teachers">At least one, of the student's vocabulary; their widths are their own.</param>
    /// <param name="mean">How they become p.</param>
    /// <param name="targets">I32 (R, 1): the next token; a row with a negative one has no loss at all.</param>
    /// <param name="weights">(R, 1)</param>
    /// <param name="constants">c, d and T.</param>
    /// <param name="shares">Of each teacher in the mean, of a sum of 1; null gives all the same.</param>
    public DistillationHead(Prediction student, IReadOnlyList<Prediction> teachers, EnsembleMean mean, Value targets, Value weights,
        DistillationConstants constants, IReadOnlyList<float>? shares = null)
        : base($"distillation {student.Head.Name}", student, targets, weights, teachers)
    {
        if (teachers.Count == 0)
            throw new ArgumentException("a student learns from one teacher at least");
        if (shares is not null && shares.Count != teachers.Count)
            throw new ArgumentException($"{teachers.Count} teachers need as many shares, not {shares.Count}");
        if (!(constants.Temperature > 0 && constants.CrossEntropy >= 0 && constants.Divergence >= 0))
            throw new ArgumentException($"{constants} needs a temperature above 0 and factors of 0 or more");
        (_student, _teachers, _mean, _constants) = (student, [.. teachers], mean, constants);
        _shares = new float[teachers.Count];
        for (int i = 0; i < _shares.Length; i++)
            _shares[i] = shares?[i] ?? 1f / teachers.Count;
        _probabilities = ScratchLogits("teachers");
        _teacherLogits = shares is not null || mean == EnsembleMean.Probabilities ? ScratchLogits("one teacher") : null;
        MultiplyAdds = student.MultiplyAdds;
        foreach (var teacher in teachers)
            MultiplyAdds += teacher.MultiplyAdds;
        BackwardReads = [student.Hidden, student.Head, targets, weights, .. teachers.SelectMany(teacher => teacher.Values)];
    }

    public override IEnumerable<Value> BackwardReads { get; }

    public override long MultiplyAdds { get; }

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

    // The losses, and their gradient in the place of the student's logits, which are scratch in either pass.
    void Differentiate(IKernels k, LogitsChunk chunk)
    {
        var teachers = View(_probabilities, chunk.Start, chunk.Count);
        if (_mean == EnsembleMean.Logits)
            AverageLogits(k, chunk, teachers);
        else
            AverageProbabilities(k, chunk, teachers);
        Project(k, _student, chunk, chunk.Logits);
        k.Distillation(chunk.Losses, CrossEntropiesOf(chunk), DivergencesOf(chunk), chunk.Logits, teachers, chunk.Targets, chunk.Weights,
            _constants);
    }

    // The even mean of logits at a temperature is their sum at as many times that temperature.
    void AverageLogits(IKernels k, LogitsChunk chunk, Tensor teachers)
    {
        for (int i = 0; i < _teachers.Length; i++)
        {
            var sum = new Sink(teachers, i == 0 ? SinkMode.Overwrite : SinkMode.Add);
            if (_teacherLogits is null)
            {
                Project(k, _teachers[i], chunk, sum);
                continue;
            }
            var logits = View(_teacherLogits, chunk.Start, chunk.Count);
            Project(k, _teachers[i], chunk, logits);
            k.Scale(sum, logits, _shares[i]);
        }
        int parts = _teacherLogits is null ? _teachers.Length : 1;
        k.Softmax(teachers, teachers, 1 / (parts * _constants.Temperature), 1);
    }

    void AverageProbabilities(IKernels k, LogitsChunk chunk, Tensor teachers)
    {
        var logits = View(_teacherLogits!, chunk.Start, chunk.Count);
        for (int i = 0; i < _teachers.Length; i++)
        {
            Project(k, _teachers[i], chunk, logits);
            k.Softmax(new(teachers, i == 0 ? SinkMode.Overwrite : SinkMode.Add), logits, 1 / _constants.Temperature, _shares[i]);
        }
    }
}
