using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

public enum SinkMode : byte
{
    /// <summary>Nobody wants the result; the kernel skips the work.</summary>
    Nowhere,

    /// <summary>The destination holds nothing yet; the kernel writes every live row without reading it.</summary>
    Overwrite,

    /// <summary>The kernel adds to what is there.</summary>
    Add,
}

/// <summary>Where a result goes and how. No kernel clears memory it will overwrite.</summary>
public readonly struct Sink(Tensor tensor, SinkMode mode)
{
    public Tensor Tensor => tensor;

    public SinkMode Mode => mode;

    public bool IsWanted => mode != SinkMode.Nowhere;

    public bool Adds => mode == SinkMode.Add;

    public static Sink Nowhere => default;

    public static implicit operator Sink(Tensor tensor) => new(tensor, SinkMode.Overwrite);
}
