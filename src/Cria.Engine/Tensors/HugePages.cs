using System.Runtime.InteropServices;

namespace Cria.Engine.Tensors;

/// <summary>
/// Asks Linux for pages of 2 MB: large blocks are walked from end to end every step, and then fewer address translations
/// fail. A wish only: elsewhere, or where the administrator forbids it, nothing happens and no result changes.
/// </summary>
static unsafe class HugePages
{
    /// <summary>Blocks smaller than a page have nothing to gain; larger ones begin at a whole page.</summary>
    public const nuint Size = 2 << 20;

    const int UseHugePages = 14; // MADV_HUGEPAGE of Linux's madvise(2)

    static readonly delegate* unmanaged<void*, nuint, int, int> MemoryAdvice = Find();

    /// <summary>To be called before the block is touched.</summary>
    public static void Ask(void* address, nuint size)
    {
        if (MemoryAdvice != null)
            _ = MemoryAdvice(address, size, UseHugePages);
    }

    static delegate* unmanaged<void*, nuint, int, int> Find() =>
        OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libc.so.6", out nint library)
        && NativeLibrary.TryGetExport(library, "madvise", out nint address)
            ? (delegate* unmanaged<void*, nuint, int, int>)address
            : null;
}
