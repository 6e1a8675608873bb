using Cria.Engine.Tensors;

namespace Cria.Interop.Checkpoints;

/// <summary>A few bytes can claim any context, and the table of its positions is made before a weight is read.</summary>
public static class ContextClaim
{
    /// <summary>Enough for half a million positions of 32: a small file may have a long context.</summary>
    public const long AlwaysGranted = 64 << 20;

    /// <exception cref="CheckpointException">The table would be out of proportion to the file.</exception>
    public static void Check(string path, long positions, long headSize, long fileBytes)
    {
        long most = Math.Max(AlwaysGranted, 2 * fileBytes) / sizeof(float) / Math.Max(1, headSize);
        if (positions > most)
            throw new CheckpointException($"{path} claims a context of {positions:N0} positions of {headSize} numbers, more than a file of {fileBytes:N0} bytes is granted, which is {most:N0}; write the context that is used into it.");
    }
}
