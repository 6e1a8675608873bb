namespace Cria.Training.Guards;

/// <summary>Samples by their global numbers.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many.</param>
public readonly record struct SampleRange(long First, long Count)
{
    public long Last => First + Count - 1;

    public override string ToString() => Count == 1 ? $"sample {First}" : $"samples {First} to {Last}";
}
