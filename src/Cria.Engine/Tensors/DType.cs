namespace Cria.Engine.Tensors;

/// <summary>The element types that tensors hold.</summary>
public enum DType : byte
{
    F32,
    F64,
    BF16,
    I32,
    U8,
}

public static class DTypes
{
    public static int SizeInBytes(this DType type) => type switch
    {
        DType.F64 => 8,
        DType.F32 or DType.I32 => 4,
        DType.BF16 => 2,
        DType.U8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an element type"),
    };

    public static bool IsFloating(this DType type) => type is DType.F32 or DType.F64 or DType.BF16;
}
