using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Engine.Tests.Cpu;

public sealed class CacheSizesTests : IDisposable
{
    readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("1024K\n", 1 << 20)]
    [InlineData("2M", 2 << 20)]
    [InlineData("524288", 1 << 19)]
    [InlineData("12288K", 12 << 20)] // above what blocks are cut for, and believed
    [InlineData("99999999999K", null)]
    [InlineData("4095M", null)]
    [InlineData("-1K", null)]
    [InlineData("1MK", null)]
    [InlineData("", null)]
    public void Sizes_are_read_as_linux_writes_them_and_nonsense_is_not_believed(string text, int? bytes)
    {
        File.WriteAllText(_file, text);
        Assert.Equal(bytes, CacheSizes.Read(_file));
    }

    [Fact]
    public void A_machine_that_says_nothing_has_a_usual_cache()
    {
        Assert.Null(CacheSizes.Read(_file + ".absent"));
        Assert.InRange(CacheSizes.SecondLevel, 1 << 18, 4 << 20);
    }
}
