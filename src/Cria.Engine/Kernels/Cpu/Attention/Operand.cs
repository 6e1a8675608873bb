namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>What a product does with the tile that is there already.</summary>
enum Start : byte
{
    /// <summary>Overwrite it.</summary>
    Zero,

    /// <summary>Add to it.</summary>
    Sum,

    /// <summary>Multiply it by a factor of each row, then add to it.</summary>
    Scaled,
}

/// <summary>A matrix read number by number: (row, depth) lies at row · RowStride + depth · DepthStride.</summary>
readonly unsafe struct Operand(float* data, int rowStride, int depthStride)
{
    public float* Data => data;

    public nint RowStride => rowStride;

    public nint DepthStride => depthStride;

    /// <summary>From this row on.</summary>
    public Operand Row(int row) => new(data + (nint)row * rowStride, rowStride, depthStride);
}
