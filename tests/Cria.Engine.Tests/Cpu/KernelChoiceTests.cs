using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Cpu;

public sealed class KernelChoiceTests
{
    [Fact]
    public void Every_supported_width_has_kernels_of_its_own_and_the_widest_come_first()
    {
        var kernels = KernelChoice.All(1);
        Assert.Equal(SimdLevel.Supported.Count, kernels.Count);
        for (int i = 0; i < kernels.Count; i++)
        {
            Assert.Contains($"{(int)SimdLevel.Supported[i]} bits", kernels[i].Name, StringComparison.Ordinal);
            ((IDisposable)kernels[i]).Dispose();
        }
        Assert.Equal(SimdLevel.Supported.OrderDescending(), SimdLevel.Supported);
    }

    [Fact]
    public void A_width_is_chosen_by_name_and_no_name_means_the_widest()
    {
        Assert.Equal(SimdLevel.Supported[0], SimdLevel.Named(null));
        Assert.Equal(SimdWidth.Bits128, SimdLevel.Named("v128"));
        var failure = Assert.Throws<DeviceException>(() => SimdLevel.Named("avx1024"));
        Assert.Contains("'avx1024'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("v128", failure.Message, StringComparison.Ordinal);
    }
}
