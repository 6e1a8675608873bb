using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class LerpTests
{
    public static TheoryData<int> Lengths => [1, 3, 7, 17, 33, 129, 1023, 70_001];

    [Theory, MemberData(nameof(Lengths))]
    public void Every_backend_agrees_with_the_reference(int length)
    {
        foreach (float rate in new[] { 0, 1e-3f, 0.5f, 1 })
            Agreement.Holds(0, Call(length, rate));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Any_number_of_threads_gives_the_same_bits(int length) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(0, Call(length, 0.3f));

    static KernelCall Call(int length, float rate) => (bench, k) =>
        k.Lerp(bench.Weight("y", new(length)), bench.Weight("x", new(length)), bench.Scalars("rate", rate));
}
