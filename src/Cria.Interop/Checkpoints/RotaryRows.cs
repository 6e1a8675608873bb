using System.Buffers;

namespace Cria.Interop.Checkpoints;

/// <summary>
/// The two orders of the rows of q_proj and k_proj. Llama here and at Hugging Face turns row j of a head with row j + D/2
/// (halves); the first Llama, llama2.c and GGUF turn row 2j with row 2j + 1 (interleaved). The numbers are the same, in
/// another order within each head.
/// </summary>
public static class RotaryRows
{
    /// <summary>Rows of whole heads, from interleaved to halves.</summary>
    /// <param name="rows">Some heads' rows, one after another.</param>
    /// <param name="headSize">D, even: rows of a head.</param>
    /// <param name="columns">Numbers of a row.</param>
    public static void ToHalves(Span<float> rows, int headSize, int columns) => Reorder(rows, headSize, columns, toHalves: true);

    /// <inheritdoc cref="ToHalves"/>
    /// <summary>Rows of whole heads, from halves to interleaved.</summary>
    public static void ToInterleaved(Span<float> rows, int headSize, int columns) => Reorder(rows, headSize, columns, toHalves: false);

    static void Reorder(Span<float> rows, int headSize, int columns, bool toHalves)
    {
        int head = headSize * columns, half = headSize / 2;
        if (headSize % 2 != 0 || rows.Length % head != 0)
            throw new ArgumentException($"{rows.Length} numbers are not whole heads of {headSize} rows of {columns}");
        float[] copy = ArrayPool<float>.Shared.Rent(head);
        for (int start = 0; start < rows.Length; start += head)
        {
            var block = rows.Slice(start, head);
            block.CopyTo(copy);
            for (int row = 0; row < headSize; row++)
            {
                int other = 2 * (row % half) + row / half; // halves' row ↔ interleaved row
                var (source, target) = toHalves ? (other, row) : (row, other);
                copy.AsSpan(source * columns, columns).CopyTo(block[(target * columns)..]);
            }
        }
        ArrayPool<float>.Shared.Return(copy);
    }
}
