using Cria.Engine.Tensors;

namespace Cria.Fuzz;

/// <summary>The processor's memory, for blocks up to a limit; it remembers the largest that was asked for.</summary>
sealed class MeteredDevice : IDevice
{
    public string Name => CpuDevice.Instance.Name;

    public long Limit { get; set; }

    public long Largest { get; set; }

    public DeviceMemory Allocate(long bytes)
    {
        Largest = Math.Max(Largest, bytes);
        return bytes <= Limit ? CpuDevice.Instance.Allocate(bytes) : throw new BeyondTheFileException(bytes, Limit);
    }

    public void Free(nint address) => CpuDevice.Instance.Free(address);

    public void CopyFromHost(nint destination, ReadOnlySpan<byte> source) => CpuDevice.Instance.CopyFromHost(destination, source);

    public void CopyToHost(Span<byte> destination, nint source) => CpuDevice.Instance.CopyToHost(destination, source);

    public void Copy(nint destination, nint source, long bytes) => CpuDevice.Instance.Copy(destination, source, bytes);
}

/// <summary>A reader believed a file that claims more than it has.</summary>
sealed class BeyondTheFileException(long bytes, long limit) : Exception($"{bytes:N0} bytes were to be allocated where {limit:N0} are allowed");
