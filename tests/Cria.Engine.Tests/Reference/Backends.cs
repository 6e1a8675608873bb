using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;

namespace Cria.Engine.Tests.Reference;

/// <summary>Every backend that this process can run, made once a thread count: their workers stay parked between tests.</summary>
static class Backends
{
    static readonly Dictionary<int, IReadOnlyList<IKernels>> Made = [];

    public static IReadOnlyList<IKernels> With(int threads)
    {
        if (!Made.TryGetValue(threads, out var kernels))
            Made.Add(threads, kernels = [new ReferenceKernels<float>(), .. KernelChoice.All(threads)]);
        return kernels;
    }
}
