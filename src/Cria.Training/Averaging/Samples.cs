namespace Cria.Training.Averaging;

/// <summary>Which steps an average takes: one every <paramref name="Interval"/>, the first after step <paramref name="Start"/>.</summary>
/// <param name="Start">Steps done before the first sample, at least 1.</param>
/// <param name="Interval">At least 1.</param>
readonly record struct Samples(int Start, int Interval)
{
    public bool Has(int step) => step >= Start && (step - Start) % Interval == 0;

    /// <summary>How many there are in the first <paramref name="step"/> steps.</summary>
    public int CountAt(int step) => step < Start ? 0 : 1 + (step - Start) / Interval;
}
