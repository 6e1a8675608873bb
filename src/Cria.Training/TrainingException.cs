namespace Cria.Training;

/// <summary>A run cannot go on; the message is one sentence with the value and the remedy.</summary>
public sealed class TrainingException(string message) : Exception(message);
