namespace Cria.Engine.Tensors;

/// <summary>A device cannot do what was asked; the message is one sentence for the user.</summary>
public sealed class DeviceException(string message) : Exception(message);
