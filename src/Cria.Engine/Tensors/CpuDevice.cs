using System.Runtime.InteropServices;

namespace Cria.Engine.Tensors;

/// <summary>Host memory.</summary>
public sealed unsafe class CpuDevice : IDevice
{
    /// <summary>Wide enough for a cache line, the widest vector and the parameter alignment of the flat store.</summary>
    const nuint Alignment = 256;

    public static CpuDevice Instance { get; } = new();

    public string Name => "cpu";

    public DeviceMemory Allocate(long bytes)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
            throw new DeviceException(
                $"{bytes / 1e9:F1} GB are needed and this machine has {available / 1e9:F1} GB; use a smaller micro-batch or model.");
        nuint size = (nuint)Math.Max(bytes, 1);
        bool large = size >= HugePages.Size;
        void* address = NativeMemory.AlignedAlloc(size, large ? HugePages.Size : Alignment);
        if (large)
            HugePages.Ask(address, size);
        NativeMemory.Clear(address, size);
        return new(this, (nint)address, bytes);
    }

    public void Free(nint address) => NativeMemory.AlignedFree((void*)address);

    public void CopyFromHost(nint destination, ReadOnlySpan<byte> source) =>
        source.CopyTo(new Span<byte>((void*)destination, source.Length));

    public void CopyToHost(Span<byte> destination, nint source) =>
        new ReadOnlySpan<byte>((void*)source, destination.Length).CopyTo(destination);

    public void Copy(nint destination, nint source, long bytes) =>
        Buffer.MemoryCopy((void*)source, (void*)destination, bytes, bytes);
}
