using System.Runtime.InteropServices;

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

/// <summary>Copies between a tensor and the host, from the tensor's first element on.</summary>
public static class DeviceCopies
{
    /// <exception cref="ArgumentException">The source is longer than the tensor.</exception>
    public static void Write<T>(this Tensor tensor, ReadOnlySpan<T> source) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(source);
        tensor.Device.CopyFromHost(Holding(tensor, bytes.Length), bytes);
    }

    /// <exception cref="ArgumentException">The destination is longer than the tensor.</exception>
    public static void Read<T>(this Tensor tensor, Span<T> destination) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(destination);
        tensor.Device.CopyToHost(bytes, Holding(tensor, bytes.Length));
    }

    public static T[] ToArray<T>(this Tensor tensor) where T : unmanaged
    {
        T[] values = new T[tensor.Length];
        tensor.Read(values.AsSpan());
        return values;
    }

    static nint Holding(Tensor tensor, int bytes) => bytes <= tensor.SizeInBytes
        ? tensor.Address
        : throw new ArgumentException($"{bytes} bytes do not fit {tensor}, which has {tensor.SizeInBytes}");
}
