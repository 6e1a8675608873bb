using Cria.Engine.Kernels;

namespace Cria.Engine.Tests.Reference;

/// <summary>
/// The CPU kernels of every instruction set in this process, made once a thread count: workers stay parked between tests.
/// </summary>
static class Backends
{
    static readonly Dictionary<int, IReadOnlyList<IKernels>> Made = [];

    public static IReadOnlyList<IKernels> With(int threads)
    {
        if (!Made.TryGetValue(threads, out var kernels))
            Made.Add(threads, kernels = KernelChoice.All(threads));
        return kernels;
    }
}
