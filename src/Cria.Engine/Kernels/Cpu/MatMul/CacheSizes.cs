using System.Globalization;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>What the machine says of its caches; blocks of products are cut by it. No result depends on it.</summary>
static class CacheSizes
{
    const string SecondLevelFile = "/sys/devices/system/cpu/cpu0/cache/index2/size";

    /// <summary>Where the machine does not say, and the bounds of what blocks are cut for.</summary>
    const int Usual = 1 << 20, Least = 1 << 18, Most = 4 << 20;

    /// <summary>No core has more; a file that says so is not believed.</summary>
    const long Believed = 1 << 30;

    /// <summary>Bytes of a core's second-level cache.</summary>
    public static int SecondLevel { get; } = Math.Clamp(Read(SecondLevelFile) ?? Usual, Least, Most);

    /// <summary>Linux writes <c>1024K</c>; null where there is no such file or it says something else.</summary>
    public static int? Read(string path)
    {
        try
        {
            string text = File.ReadAllText(path).Trim();
            int unit = text.EndsWith('M') ? 1 << 20 : text.EndsWith('K') ? 1 << 10 : 1;
            string digits = unit == 1 ? text : text[..^1];
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= Believed / unit
                ? (int)(size * unit) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
