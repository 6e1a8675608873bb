namespace Cria.Training.Observation;

/// <summary>A text that the model wrote after a step.</summary>
/// <param name="Prompt">What it was given; may be empty.</param>
/// <param name="Text">What it wrote after it.</param>
public sealed record TextSample(int Step, string Prompt, string Text);
