using Cria.Engine.Tensors;

namespace Cria.Models.Decoding;

/// <summary>
/// Draws tokens: penalty, temperature, top-k, top-p, then one uniform number a token from Philox, so that a seed and
/// the same logits give the same text.
/// </summary>
public sealed class Sampler
{
    readonly SamplingOptions _options;
    readonly Philox _random;
    readonly double[] _weights;
    readonly int[] _order;
    readonly bool[] _seen;
    ulong _drawn;

    public Sampler(SamplingOptions options, int vocabSize)
    {
        options.Validate();
        _options = options;
        _random = Philox.For(options.Seed, "sample");
        _weights = new double[vocabSize];
        _order = new int[vocabSize];
        _seen = new bool[vocabSize];
    }

    /// <summary>A token of the text so far, for the repetition penalty.</summary>
    public void Observe(int id) => _seen[id] = true;

    public int Next(ReadOnlySpan<float> logits)
    {
        for (int id = 0; id < logits.Length; id++)
        {
            double logit = logits[id];
            if (_seen[id])
                logit = logit > 0 ? logit / _options.RepetitionPenalty : logit * _options.RepetitionPenalty;
            _weights[id] = logit;
        }
        return _options.Temperature == 0 ? Greatest() : Draw();
    }

    // The first of equals.
    int Greatest()
    {
        int best = 0;
        for (int id = 1; id < _weights.Length; id++)
            if (_weights[id] > _weights[best])
                best = id;
        return best;
    }

    int Draw()
    {
        double max = _weights[Greatest()], sum = 0;
        for (int id = 0; id < _weights.Length; id++)
        {
            _order[id] = id;
            sum += _weights[id] = Math.Exp((_weights[id] - max) / _options.Temperature);
        }
        int count = _weights.Length;
        if (_options.TopK > 0 || _options.TopP < 1)
        {
            _order.AsSpan().Sort((a, b) => _weights[a] != _weights[b] ? _weights[b].CompareTo(_weights[a]) : a.CompareTo(b));
            count = _options.TopK > 0 ? Math.Min(_options.TopK, count) : count;
            (count, sum) = Nucleus(count);
        }
        double left = _random.Uniform(_drawn++) * sum;
        for (int i = 0; i < count - 1; i++)
            if ((left -= _weights[_order[i]]) < 0)
                return _order[i];
        return _order[count - 1];
    }

    // How many of the first tokens reach top-p of the probability of those top-k left, and their weight.
    (int Count, double Sum) Nucleus(int count)
    {
        double sum = 0, reached = 0;
        for (int i = 0; i < count; i++)
            sum += _weights[_order[i]];
        for (int i = 0; i < count; i++)
            if ((reached += _weights[_order[i]]) >= _options.TopP * sum)
                return (i + 1, reached);
        return (count, sum);
    }
}
