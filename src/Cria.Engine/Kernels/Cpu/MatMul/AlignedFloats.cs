using System.Runtime.InteropServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>Native memory for floats, at the start of a cache line; freed with the handle.</summary>
sealed unsafe class AlignedFloats : SafeHandle
{
    public AlignedFloats(int count) : base(0, ownsHandle: true)
    {
        SizeInBytes = (long)count * sizeof(float);
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)SizeInBytes, 64));
    }

    public long SizeInBytes { get; }

    public float* Pointer => (float*)handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
