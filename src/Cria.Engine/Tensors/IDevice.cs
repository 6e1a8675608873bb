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

    /// <summary>From one place of this device to another; the two do not overlap.</summary>
    void Copy(nint destination, nint source, long bytes);
}

/// <summary>Copies between tensors, and between a tensor and the host, from the tensor's first element on.</summary>
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

    /// <summary>Copies all of a tensor into another of the same device, type and length, bit for bit.</summary>
    /// <exception cref="ArgumentException">They differ in one of these.</exception>
    public static void CopyTo(this Tensor source, Tensor destination)
    {
        if (source.Device != destination.Device || source.DType != destination.DType || source.Length != destination.Length)
            throw new ArgumentException($"{source} cannot be copied to {destination}");
        source.Device.Copy(destination.Address, source.Address, source.SizeInBytes);
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
