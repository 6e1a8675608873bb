namespace Cria.Engine.Tensors;

/// <summary>The middle of measurements, which half of them may leave before it follows; without allocating, for whoever asks in a
/// step.</summary>
public static class Median
{
    /// <summary>The middle value, or the mean of the two in the middle; the values are sorted where they are.</summary>
    /// <param name="values">At least one.</param>
    public static double Of(Span<double> values)
    {
        values.Sort();
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
