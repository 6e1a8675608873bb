using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;

namespace Cria.Cli.Verbs;

/// <summary><c>cria doctor</c>: what this machine offers, and why not more.</summary>
static class DoctorVerb
{
    public static Command Create() => new Verb(
        "doctor",
        "Say what was found on this machine (instruction sets, cores, CUDA, MPI, BLAS) and why not more.",
        "cria doctor")
    {
        GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        NativeLibraryFinding[] libraries =
        [
            NativeLibraryFinding.Look("CUDA driver", "this version computes on the CPU only", "libcuda.so.1", "nvcuda.dll"),
            NativeLibraryFinding.Look("MPI", "this version trains on one machine only", "libmpi.so.40", "libmpi.so.12", "msmpi.dll"),
            NativeLibraryFinding.Look("BLAS", "`cria bench` compares with it; nothing else uses one", BlasLibrary.Names),
            NativeLibraryFinding.Look("Zstandard", "reads .zst files, and Parquet files packed so",
                "libzstd.so.1", "libzstd.1.dylib", "libzstd.dll", "zstd.dll"),
        ];
        string version = typeof(DoctorVerb).Assembly.GetName().Version?.ToString(3) ?? "";
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Version = version,
                Runtime = RuntimeInformation.FrameworkDescription,
                System = RuntimeInformation.OSDescription,
                Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
                Cores = Environment.ProcessorCount,
                MemoryBytes = memory,
                InstructionSets = InstructionSets().Where(set => set.Found).Select(set => set.Name),
                KernelWidth = KernelWidth(),
                Libraries = libraries,
            });
            return 0;
        }

        Output.Line($"cria             {version}");
        Output.Line($"runtime          {RuntimeInformation.FrameworkDescription}");
        Output.Line($"system           {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        Output.Line($"cores            {Environment.ProcessorCount}");
        Output.Line($"memory           {memory / (1024.0 * 1024 * 1024):F1} GiB");
        foreach ((string name, bool found) in InstructionSets())
            Output.Line($"{name,-16} {(found ? "yes" : "no: the processor lacks it, or DOTNET_Enable… switched it off")}");
        Output.Line($"kernels          {KernelWidth()} bits wide");
        foreach (NativeLibraryFinding library in libraries)
            Output.Line($"{library.What,-16} {(library.Name is null ? $"no: {library.Why}" : $"{library.Name}")} ({library.Use})");
        return 0;
    }

    static IEnumerable<(string Name, bool Found)> InstructionSets() =>
    [
        ("AVX-512F", Avx512F.IsSupported),
        ("AVX2", Avx2.IsSupported),
        ("FMA", Fma.IsSupported),
        ("Vector128", Vector128.IsHardwareAccelerated),
    ];

    /// <summary>The same order of questions as the kernels ask at start.</summary>
    static int KernelWidth() => Avx512F.IsSupported ? 512 : Avx2.IsSupported && Fma.IsSupported ? 256 : 128;
}
