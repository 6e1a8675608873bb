namespace Cria.Data.Stories;

/// <summary>
/// Where every decision of a story is made. The composer decides nothing by itself, so whoever implements this knows
/// the whole derivation: the generator prices it, the tests enumerate it.
/// </summary>
public interface IChoices
{
    /// <summary>An index whose weight is positive, drawn with probability weight / sum of weights.</summary>
    int Pick(ReadOnlySpan<int> weights);
}
