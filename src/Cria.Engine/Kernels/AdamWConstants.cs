namespace Cria.Engine.Kernels;

/// <summary>
/// AdamW's constants for one parameter group; the rate factor multiplies the learning rate. Loshchilov and Hutter 2019, algorithm 2.
/// </summary>
public readonly record struct AdamWConstants(float Beta1, float Beta2, float Epsilon, float WeightDecay, float RateFactor = 1);
