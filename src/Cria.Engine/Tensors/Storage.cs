namespace Cria.Engine.Tensors;

/// <summary>How numbers that nobody computes with at the moment are kept. All arithmetic is F32 (or F64) whatever this says.</summary>
public enum Storage : byte
{
    /// <summary>As they were computed.</summary>
    F32,

    /// <summary>Half the bytes: the same range, 8 bits of precision.</summary>
    BF16,
}
