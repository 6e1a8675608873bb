using Cria.Engine.Tensors;

namespace Cria.Training.Tests;

/// <summary>Host memory that keeps count of what was asked for.</summary>
sealed class CountingDevice : IDevice
{
    public long Bytes { get; private set; }

    public string Name => "counting";

    public DeviceMemory Allocate(long bytes)
    {
        Bytes += bytes;
        return CpuDevice.Instance.Allocate(bytes);
    }

    public void Free(nint address) => CpuDevice.Instance.Free(address);

    public void CopyFromHost(nint destination, ReadOnlySpan<byte> source) => CpuDevice.Instance.CopyFromHost(destination, source);

    public void CopyToHost(Span<byte> destination, nint source) => CpuDevice.Instance.CopyToHost(destination, source);

    public void Copy(nint destination, nint source, long bytes) => CpuDevice.Instance.Copy(destination, source, bytes);
}
