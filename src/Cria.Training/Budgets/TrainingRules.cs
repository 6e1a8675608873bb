namespace Cria.Training.Budgets;

/// <summary>What is not searched for but follows from the size of a run: batch, learning rate, warm-up.</summary>
static class TrainingRules
{
    /// <summary>Where the loss no longer fills more than the machine, a small batch makes the most of every token.</summary>
    const int SmallestBatch = 2048, LargestBatch = 1 << 17;

    const double TokensOfSmallestBatch = 2e7;

    /// <summary>The width and the rate of the sweep that the rule goes through (docs/budgets.md).</summary>
    const double SweptWidth = 128, SweptRate = 6e-3, HighestRate = 0.015;

    /// <summary>Steps in which 0.95 forgets half: log 2 / −log 0.95.</summary>
    const double FewestSteps = 13.5134;

    /// <summary>
    /// Tokens of an optimizer step. Small batches cost nothing but speed when the second moment's half-life is kept (Marek et al.
    /// 2025), and 2,048 rows
    /// fill a processor; beyond twenty million tokens the best batch grows about as the root of the data (McCandlish et al. 2018;
    /// Bergsma et al. 2025).
    /// </summary>
    public static int TokensPerStep(double tokens, int length)
    {
        double wanted = SmallestBatch * Math.Sqrt(Math.Max(1, tokens / TokensOfSmallestBatch));
        double power = Math.Pow(2, Math.Round(Math.Log2(Math.Min(LargestBatch, wanted))));
        return (int)(Math.Max(1, Math.Round(power / length)) * length);
    }

    /// <summary>
    /// The peak learning rate of AdamW: as the inverse of the width, as muP has it for matrices (Yang et al. 2022), a notch below
    /// the best of our own sweep, because longer
    /// runs want less; and with the root of the batch (Malladi et al. 2022).
    /// </summary>
    public static float LearningRate(int width, int tokensPerStep)
    {
        double rate = SweptRate * (SweptWidth / width) * Math.Sqrt((double)tokensPerStep / SmallestBatch);
        return (float)(Math.Round(Math.Min(HighestRate, rate) * 1e5) / 1e5);
    }

    /// <summary>A fiftieth of the steps, and at least enough for the second moment to settle.</summary>
    public static int WarmupSteps(int steps) => Math.Min(steps / 4, Math.Clamp(steps / 50, 40, 1000));

    /// <summary>Tokens after which β2 has forgotten half: 70,266, which is 0.98 at 2,048 tokens a step (Marek et al. 2025), and at least
    /// 13.5 steps, which is 0.95.</summary>
    public static long Beta2HalfLife(int tokensPerStep) => Math.Max(70_266, (long)Math.Round(tokensPerStep * FewestSteps));
}
