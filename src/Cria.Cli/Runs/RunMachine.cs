using System.Runtime.InteropServices;

namespace Cria.Cli.Runs;

/// <summary>The machine in a line, for reports.</summary>
static class RunMachine
{
    public static string Name => $"{Processor() ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, " +
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    static string? Processor()
    {
        const string path = "/proc/cpuinfo";
        if (!File.Exists(path))
            return null;
        string? line = File.ReadLines(path).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }
}
