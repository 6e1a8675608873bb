namespace Cria.Engine.Tensors;

/// <summary>A checkpoint or tensor file cannot be used; the message is one sentence with the file, the value and the remedy.</summary>
public sealed class CheckpointException(string message) : Exception(Sentence.Of(message));
