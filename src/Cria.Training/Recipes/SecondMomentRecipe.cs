using Cria.Models;

namespace Cria.Training.Recipes;

/// <summary>
/// An optimizer that divides by a running mean of squared gradients. How long that mean remembers is a matter of tokens rather
/// than of steps: with the half-life fixed, a batch of any size trains alike, down to one sequence. Marek et al. 2025, "Small
/// Batch Size Training for Language Models: When Vanilla SGD Works, and Why Gradient Accumulation Is Wasteful".
/// </summary>
public abstract record SecondMomentRecipe : OptimizerRecipe
{
    /// <summary>The share of the mean of squares that stays from step to step.</summary>
    public abstract float Beta2 { get; init; }

    /// <summary>Tokens after which a squared gradient counts half: beta2 becomes 2^(−tokens_per_step / this). 0 takes beta2 as
    /// it is.</summary>
    public long Beta2HalfLife { get; init; }

    /// <exception cref="ConfigException">The half-life is so long that nothing of a step's squares would enter the mean.</exception>
    public override OptimizerRecipe For(long tokensPerStep)
    {
        if (Beta2HalfLife == 0)
            return this;
        float beta2 = (float)Math.Pow(2, -(double)tokensPerStep / Beta2HalfLife);
        return beta2 < 1 ? this with { Beta2 = beta2 } : throw new ConfigException(
            $"optimizer.beta2_half_life {Beta2HalfLife} is so long that beta2 rounds to 1 with {tokensPerStep} tokens a step, and no " +
            $"squared gradient would count; use {Math.Floor(tokensPerStep * Math.ScaleB(Math.Log(2), 24)):F0} or less, or 0.");
    }

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta2", Beta2);
        if (Beta2HalfLife < 0)
            throw new ConfigException($"optimizer.beta2_half_life {Beta2HalfLife} is less than 0; it counts tokens, and 10M is usual.");
    }
}
