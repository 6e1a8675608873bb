using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench ops</c>: the kernels between the products, beside what memory gives in the same run.</summary>
static class BenchOpsVerb
{
    static readonly Option<double> Seconds = Numbers.Real("--seconds", "S", "Time spent on each kernel.", 0.15, 0.01, 600);
    static readonly Option<string> Only = new("--only") { HelpName = "WORD", Description = "Only the kernels with this word in their names.", DefaultValueFactory = _ => "" };

    public static Command Create() => new Verb("ops", "The kernels between the products, beside the machine's memory bandwidth.", "cria bench ops --threads 2")
    {
        Seconds, Only, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount();
        using var pool = new WorkerPool(threads);
        var kernels = KernelChoice.Best(pool);
        using var bench = new OpsBench(kernels, pool);
        var overhead = StepOverhead.Of(pool, 0, 0);
        bool json = parsed.GetValue(GlobalOptions.Json);
        if (!json)
            Output.Line($"{"kernel",-24} {"megabytes",9} {"µs",10} {"GB/s",7} {"held against",15}  share");
        var results = new List<OpResult>();
        foreach (var op in bench.Run(parsed.GetValue(Seconds), parsed.GetRequiredValue(Only)))
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(op);
            if (!json)
                Output.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{op.Op,-24} {op.Bytes / 1e6,9:F1} {op.Microseconds,10:F1} {op.GigabytesPerSecond,7:F1} {op.Traffic,8} {op.TrafficGigabytesPerSecond,6:F1} {op.Share,6:P0}"));
        }
        if (json)
            Output.Json(new
            {
                Kernels = kernels.Name,
                Threads = threads,
                overhead.LoopMicroseconds,
                overhead.WakeupMicroseconds,
                Ops = results,
            });
        else
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"{threads} threads, {kernels.Name}; a loop without work takes {overhead.LoopMicroseconds:F2} µs, with sleeping threads {overhead.WakeupMicroseconds:F0}"));
        return 0;
    }
}
