using System.CommandLine;
using Cria.Engine.Tensors;

namespace Cria.Cli.Frame;

/// <summary>The options that mean the same everywhere.</summary>
static class GlobalOptions
{
    public static readonly Option<int> Threads = Numbers.Count("--threads", "N", "Threads to compute with; all cores if not given.", 1, example: 2);

    public static readonly Option<ulong?> Seed = Numbers.Seed("--seed", "N", "Where random numbers start.");

    public static readonly Option<string> Device = new("--device")
    {
        Description = "Where to compute: cpu or cuda.",
        Recursive = true,
        DefaultValueFactory = _ => "cpu",
    };

    /// <summary>For verbs that report; they add it themselves.</summary>
    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document and nothing else." };

    static GlobalOptions()
    {
        Threads.Recursive = true;
        Seed.Recursive = true;
        Device.AcceptOnlyFromAmong("cpu", "cuda");
    }

    public static IEnumerable<Option> All => [Threads, Seed, Device];

    /// <summary>The threads asked for, or one a core.</summary>
    public static int ThreadCount(this ParseResult parsed) =>
        parsed.GetValue(Threads) is > 0 and int threads ? threads : Environment.ProcessorCount;

    /// <exception cref="DeviceException">The device is not in this version.</exception>
    public static void Check(ParseResult parsed)
    {
        if (parsed.GetValue(Device) == "cuda")
            throw new DeviceException("--device cuda is not built yet in this version; use --device cpu.");
    }
}
