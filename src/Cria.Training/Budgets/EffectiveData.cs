namespace Cria.Training.Budgets;

/// <summary>
/// What data is worth that is seen again: U unique and R repetitions of it count as D' = U + U · R* · (1 − exp(−R / R*)). The
/// first few epochs are nearly as good as fresh data, later ones worth nothing. Muennighoff et al. 2023, "Scaling Data-Constrained Language Models", equation 5.
/// </summary>
public static class EffectiveData
{
    /// <summary>R*, the repetitions after which all but 1/e of the worth is gone, as fitted there.</summary>
    public const double Lifetime = 15.39;

    /// <summary>Beyond so many epochs nothing is left to be gained, and a model learns its text by heart.</summary>
    public const double MostEpochs = 2 * Lifetime;

    /// <param name="seen">Bytes or tokens that training reads, repetitions included.</param>
    /// <param name="unique">Of these, different ones there are.</param>
    public static double Of(double seen, double unique)
    {
        double repetitions = seen / unique - 1;
        return repetitions <= 0 ? seen : unique + unique * Lifetime * (1 - Math.Exp(-repetitions / Lifetime));
    }
}
