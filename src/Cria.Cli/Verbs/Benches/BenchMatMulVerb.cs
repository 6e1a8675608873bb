using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Cpu;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench matmul</c>: the products of a training step, ours and the libraries'.</summary>
static class BenchMatMulVerb
{
    static readonly Option<string?> Blas = BenchVerb.Blas();
    static readonly Option<string?> Shapes = new("--shapes") { HelpName = "GROUP", Description = "Only these: step (lilLM-39M), small (k of 256 and less) or gpt2; all if not given." };
    static readonly Option<double> Seconds = Numbers.Real("--seconds", "S", "Time spent on each product.", 0.5, 0.01, 600);

    public static Command Create()
    {
        Shapes.AcceptOnlyFromAmong([.. MatMulShape.Groups.Select(g => g.Group)]);
        return new Verb("matmul", "The products of training steps, ours and others'.", "cria bench matmul --shapes small --threads 1")
        {
            Shapes, Blas, Seconds, GlobalOptions.Json,
        }.Does(Run);
    }

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount();
        var kernels = KernelChoice.Best(threads);
        var blas = BlasLibrary.Find(parsed.GetValue(Blas));
        var bench = new MatMulBench(kernels, threads, blas);
        var peaks = new List<double>();
        var groups = new List<(string Name, List<MatMulResult> Results)>();
        foreach (var (group, shapes) in MatMulShape.Groups.Where(g => parsed.GetValue(Shapes) is not { } only || g.Group == only))
        {
            Output.Log(group);
            var results = new List<MatMulResult>();
            foreach (var shape in shapes)
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(bench.Run(shape, parsed.GetValue(Seconds), FmaPeak));
                Output.Log(Line(results[^1]));
            }
            groups.Add((group, results));
        }
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new
            {
                Kernels = kernels.Name,
                Blas = blas.Select(b => b.Name),
                FmaPeakGflops = peaks.Max(),
                Groups = groups.Select(g => Summary(g.Name, g.Results, blas)),
                Shapes = groups.SelectMany(g => g.Results.Select(r => Row(g.Name, r))),
            });
        else
            foreach (var (name, results) in groups)
                Output.Line(Sentence(Summary(name, results, blas)));
        return 0;

        double FmaPeak()
        {
            peaks.Add(Ceiling.FmaGflops(threads));
            return peaks[^1];
        }
    }

    static GroupSummary Summary(string name, List<MatMulResult> results, IReadOnlyList<BlasLibrary> blas)
    {
        var libraries = new Dictionary<string, Shares>();
        foreach (var library in blas)
            libraries.Add(library.Name, Shares.Of([.. results.Select(r => r.OfLibraries[library.Name])]));
        return new(name, Shares.Of([.. results.Select(r => r.OfFmaPeak)]), libraries);
    }

    static string Sentence(GroupSummary group) => string.Create(CultureInfo.InvariantCulture,
        $"{group.Name}: {group.OfFmaPeak.Mean:P1} of the FMA peak (worst {group.OfFmaPeak.Worst:P1}){string.Concat(group.OfLibraries.Select(l => $", {l.Value.Mean:P0} of {l.Key} (worst {l.Value.Worst:P0})"))}");

    static string Line(MatMulResult r) => string.Create(CultureInfo.InvariantCulture,
        $"{r.Shape.M,5} × {r.Shape.N,5} × {r.Shape.K,5} {(r.Shape.TransA ? "TN" : r.Shape.TransB ? "NT" : "NN")}  {r.Gflops:F0} GFLOP/s, {r.OfFmaPeak:P0} of the FMA peak{string.Concat(r.OfLibraries.Select(l => $", {l.Value:P0} of {l.Key}"))}");

    static Dictionary<string, object?> Row(string group, MatMulResult r) => new()
    {
        ["group"] = group,
        ["m"] = r.Shape.M,
        ["n"] = r.Shape.N,
        ["k"] = r.Shape.K,
        ["transA"] = r.Shape.TransA, // BLAS's own spelling
        ["transB"] = r.Shape.TransB,
        ["threads"] = r.Threads,
        ["gflops"] = r.Gflops,
        ["blas_gflops"] = r.BlasGflops,
        ["libraries"] = r.Libraries,
        ["of_fma_peak"] = r.OfFmaPeak,
        ["of_libraries"] = r.OfLibraries,
    };

    /// <summary>Our rates as shares of something: their geometric mean and the worst.</summary>
    sealed record Shares(double Mean, double Worst)
    {
        public static Shares Of(double[] shares) => new(Math.Exp(shares.Average(Math.Log)), shares.Min());
    }

    sealed record GroupSummary(string Name, Shares OfFmaPeak, IReadOnlyDictionary<string, Shares> OfLibraries);
}
