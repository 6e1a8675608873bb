using System.Runtime.InteropServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>Native memory for floats, at the start of a cache line; freed with the handle.</summary>
sealed unsafe class AlignedFloats : SafeHandle
{
    public AlignedFloats(int count) : base(0, ownsHandle: true) =>
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64));

    public float* Pointer => (float*)handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
