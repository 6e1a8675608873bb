using Cria.Cli.Frame;

namespace Cria.Cli.Tests.Frame;

public sealed class ProgressBarTests
{
    [Theory]
    [InlineData(1L << 30, 4L << 30, 10, "packing: 1 GiB of 4 GiB, 102 MiB/s, 30 s left")]
    [InlineData(0, 1000, 10, "packing: 0 B of 1000 B, 0 B/s")]
    [InlineData(2000, 1000, 0, "packing: 1.95 KiB of 1000 B, 1.91 MiB/s")]
    public void A_line_says_how_far_how_fast_and_how_long(long read, long total, int seconds, string line) =>
        Assert.Equal(line, ProgressBar.Line("packing", read, total, TimeSpan.FromSeconds(seconds)));
}
