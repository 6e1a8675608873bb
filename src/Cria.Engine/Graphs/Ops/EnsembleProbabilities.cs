using Cria.Engine.Kernels;

namespace Cria.Engine.Graphs.Ops;

/// <summary>
/// What several models as one say of the next token: the softmax at a temperature T of the weighted mean of their logits, or the
/// weighted mean of their softmaxes at T. (R, V), all at once. It has no gradient.
/// </summary>
public sealed class EnsembleProbabilities : Op
{
    readonly Prediction[] _members;
    readonly float[] _shares;
    readonly EnsembleMean _mean;
    readonly float _temperature;
    readonly Value _logits;

    /// <param name="members">At least one, of one vocabulary and of the same tokens.</param>
    /// <param name="shares">Of each in the mean; they sum to 1.</param>
    /// <param name="mean">Of what.</param>
    /// <param name="temperature">T, above 0.</param>
    public EnsembleProbabilities(IReadOnlyList<Prediction> members, IReadOnlyList<float> shares, EnsembleMean mean, float temperature)
        : base("ensemble probabilities", [.. members.SelectMany(member => member.Values)])
    {
        if (members.Count == 0 || shares.Count != members.Count || !(temperature > 0))
            throw new ArgumentException($"{members.Count} models need as many shares, not {shares.Count}, and a temperature above 0, not {temperature}");
        foreach (var member in members)
        {
            member.Check();
            if (member.Vocabulary != members[0].Vocabulary || member.Hidden.Rows != members[0].Hidden.Rows)
                throw new ArgumentException($"{member.Head.Name} gives {member.Hidden.Rows} rows of {member.Vocabulary} logits, and {members[0].Head.Name} " +
                    $"{members[0].Hidden.Rows} of {members[0].Vocabulary}; predictions are of the same tokens in one vocabulary");
            MultiplyAdds += member.MultiplyAdds;
        }
        (_members, _shares, _mean, _temperature) = ([.. members], [.. shares], mean, temperature);
        Output = Rows("probabilities", members[0].Hidden, members[0].Vocabulary);
        _logits = Saved("one model's logits", members[0].Hidden, members[0].Vocabulary);
    }

    public override IEnumerable<Value> BackwardReads => [];

    public override long MultiplyAdds { get; }

    public override void Forward(IKernels k)
    {
        for (int i = 0; i < _members.Length; i++)
        {
            var member = _members[i];
            k.MatMul(_logits.Data, member.Hidden.Data, member.Head.Data, new(member.Bias?.Data ?? default));
            Sink result = new(Output.Data, i == 0 ? SinkMode.Overwrite : SinkMode.Add);
            if (_mean == EnsembleMean.Logits)
                k.Scale(result, _logits.Data, _shares[i]);
            else
                k.Softmax(result, _logits.Data, 1 / _temperature, _shares[i]);
        }
        if (_mean == EnsembleMean.Logits)
            k.Softmax(Output.Data, Output.Data, 1 / _temperature, 1);
    }

    public override void Backward(IKernels k) => throw new NotSupportedException("teachers are asked, not trained");
}
