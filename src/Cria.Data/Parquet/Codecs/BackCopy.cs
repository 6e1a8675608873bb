using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Cria.Data.Parquet.Codecs;

/// <summary>Copies of what was just unpacked, as the family of LZ77 makes them: they may reach into themselves.</summary>
static class BackCopy
{
    const int Wide = 16;

    /// <summary>Copies <paramref name="length"/> bytes from <paramref name="offset"/> bytes before to
    /// <paramref name="at"/>, the first byte first; both were checked against the output.</summary>
    public static void Copy(Span<byte> output, int at, int offset, int length)
    {
        // Sixteen bytes at a time, where the last of them may write beyond the copy: what comes next is written later.
        if (offset >= Wide && output.Length - at - length >= Wide)
        {
            for (int done = 0; done < length; done += Wide)
                Sixteen(output, at - offset + done, output, at + done);
            return;
        }

        while (length > offset) // doubles what is repeated
        {
            output.Slice(at - offset, offset).CopyTo(output[at..]);
            (at, length, offset) = (at + offset, length - offset, 2 * offset);
        }

        output.Slice(at - offset, length).CopyTo(output[at..]);
    }

    /// <summary>Copies sixteen bytes; both places must have as many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sixteen(ReadOnlySpan<byte> input, int from, Span<byte> output, int to) =>
        Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(input), (nuint)from)
            .StoreUnsafe(ref MemoryMarshal.GetReference(output), (nuint)to);
}
