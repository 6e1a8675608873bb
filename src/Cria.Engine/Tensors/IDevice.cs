namespace Cria.Engine.Tensors;

/// <summary>A place where tensors lie. Memory is 64-byte aligned at least; copies are complete when the call returns.</summary>
public interface IDevice
{
    string Name { get; }

    /// <summary>Memory of the device, filled with zeros.</summary>
    /// <exception cref="DeviceException">The device has not so many bytes left; the message says how many it has.</exception>
    DeviceMemory Allocate(long bytes);

    void Free(nint address);

    void CopyFromHost(nint destination, ReadOnlySpan<byte> source);

    void CopyToHost(Span<byte> destination, nint source);
}

public static class DeviceCopies
{
    public static void Write<T>(this Tensor tensor, ReadOnlySpan<T> source) where T : unmanaged =>
        tensor.Device.CopyFromHost(tensor.Address, System.Runtime.InteropServices.MemoryMarshal.AsBytes(source));

    public static void Read<T>(this Tensor tensor, Span<T> destination) where T : unmanaged =>
        tensor.Device.CopyToHost(System.Runtime.InteropServices.MemoryMarshal.AsBytes(destination), tensor.Address);

    public static T[] ToArray<T>(this Tensor tensor) where T : unmanaged
    {
        T[] values = new T[tensor.Length];
        tensor.Read(values.AsSpan());
        return values;
    }
}
