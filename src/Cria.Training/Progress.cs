namespace Cria.Training;

/// <summary>Where a run stands between two steps: what its next step reads and its numbers follow from this alone.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Samples">The global number of the next sample.</param>
/// <param name="Tokens">Targets learned from.</param>
/// <param name="Updates">Steps that made an update.</param>
public readonly record struct Progress(int Step, long Samples, long Tokens, int Updates);
