using System.Runtime.InteropServices;

namespace Cria.Engine.Tensors;

/// <summary>An owned block of device memory, freed once.</summary>
public sealed class DeviceMemory : SafeHandle
{
    readonly IDevice _device;

    public DeviceMemory(IDevice device, nint address, long sizeInBytes) : base(0, ownsHandle: true)
    {
        _device = device;
        SizeInBytes = sizeInBytes;
        SetHandle(address);
    }

    public long SizeInBytes { get; }

    public nint Address => handle;

    public override bool IsInvalid => handle == 0;

    public Tensor Tensor(DType type, Shape shape, long offset = 0)
    {
        if (offset < 0 || offset + shape.Length * type.SizeInBytes() > SizeInBytes)
            throw new ArgumentException($"{type}{shape} at byte {offset} does not fit {SizeInBytes} bytes");
        return new(_device, handle + (nint)offset, type, shape);
    }

    protected override bool ReleaseHandle()
    {
        _device.Free(handle);
        return true;
    }
}
