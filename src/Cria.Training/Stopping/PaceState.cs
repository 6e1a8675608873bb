namespace Cria.Training.Stopping;

/// <summary>What a budget of time has measured, in seconds, for the run that resumes; null where nothing was.</summary>
/// <param name="Step">Of a step.</param>
/// <param name="EvaluatedToken">Of an evaluation, a token.</param>
/// <param name="Save">For which training stood still while a checkpoint was saved.</param>
/// <param name="Write">In which a checkpoint reached the disk.</param>
/// <param name="LeftAtPlan">Of the budget, when the last plan was due.</param>
public sealed record PaceState(double? Step, double? EvaluatedToken, double? Save, double? Write, double? LeftAtPlan);
