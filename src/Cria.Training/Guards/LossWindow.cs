namespace Cria.Training.Guards;

/// <summary>
/// The losses of the last steps, and what they let expect of the next: the median, and 1.4826 × the median distance from
/// it, which for normally distributed losses is their standard deviation. Half of them may be wild before either moves.
/// Hampel, "The influence curve and its role in robust estimation", 1974.
/// </summary>
sealed class LossWindow(int size)
{
    const double NormalConsistency = 1.4826, SmallestShare = 0.01;

    readonly double[] _losses = new double[size], _sorted = new double[size];
    int _count, _next;

    public bool IsFull => size > 0 && _count == size;

    public void Add(double loss)
    {
        if (size == 0)
            return;
        _losses[_next] = loss;
        _next = (_next + 1) % size;
        _count = Math.Min(_count + 1, size);
    }

    /// <summary>The median and the robust standard deviation, at least 1 % of the median; only of a full window.</summary>
    public (double Median, double Deviation) Expectation()
    {
        _losses.CopyTo(_sorted, 0);
        double median = Engine.Tensors.Median.Of(_sorted);
        for (int i = 0; i < size; i++)
            _sorted[i] = Math.Abs(_losses[i] - median);
        return (median, Math.Max(NormalConsistency * Engine.Tensors.Median.Of(_sorted), SmallestShare * Math.Abs(median)));
    }

    /// <summary>Oldest first.</summary>
    public double[] ToArray()
    {
        double[] losses = new double[_count];
        for (int i = 0; i < _count; i++)
            losses[i] = _losses[(_next - _count + i + size) % size];
        return losses;
    }

    /// <summary>Begins anew with these, oldest first; of more than fit, with the last.</summary>
    public void Restore(IReadOnlyList<double> losses)
    {
        (_count, _next) = (0, 0);
        foreach (double loss in losses)
            Add(loss);
    }
}
