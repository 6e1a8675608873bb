namespace Cria.Training.Budgets;

/// <summary>Where an estimate lies in nine of ten samples of its observations.</summary>
public readonly record struct Interval(double Low, double High);
