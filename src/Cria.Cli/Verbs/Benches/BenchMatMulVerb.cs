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
    static readonly Option<double> Seconds = Numbers.Real("--seconds", "S", "Time spent on each product.", 0.5, 0.01, 600);

    public static Command Create() => new Verb("matmul", "The products of a training step, ours and a CBLAS's.", "cria bench matmul --blas libopenblas.so.0 --json")
    {
        Blas, Seconds, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int threads = parsed.ThreadCount();
        var kernels = KernelChoice.Best(threads);
        var blas = BlasLibrary.Find(parsed.GetValue(Blas));
        var bench = new MatMulBench(kernels, threads, blas);
        var results = new List<MatMulResult>();
        foreach (var shape in MatMulShape.OfStep(2048, 512, 512, 256, 1408, 8192))
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(bench.Run(shape, parsed.GetValue(Seconds)));
            Output.Log($"{shape.M,5} × {shape.N,5} × {shape.K,5}{(shape.TransA ? " TN" : shape.TransB ? " NT" : " NN")}  {results[^1].Gflops:F0} GFLOP/s{string.Concat(results[^1].Libraries.Select(l => $", {l.Key} {l.Value:F0}"))}");
        }
        double fma = Ceiling.FmaGflops(threads);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Kernels = kernels.Name,
                Blas = blas.Select(b => b.Name),
                FmaPeakGflops = fma,
                Shapes = results.Select(r => new Dictionary<string, object?>
                {
                    ["m"] = r.Shape.M,
                    ["n"] = r.Shape.N,
                    ["k"] = r.Shape.K,
                    ["transA"] = r.Shape.TransA, // BLAS's own spelling
                    ["transB"] = r.Shape.TransB,
                    ["threads"] = r.Threads,
                    ["gflops"] = r.Gflops,
                    ["blas_gflops"] = r.BlasGflops,
                    ["libraries"] = r.Libraries,
                }),
            });
            return 0;
        }
        double ours = GeometricMean(results.Select(r => r.Gflops));
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, {kernels.Name}: geometric mean {ours:F1} GFLOP/s, {ours / fma:P1} of the FMA peak ({fma:F1})"));
        foreach (var library in blas)
        {
            double[] shares = [.. results.Select(r => r.Gflops / r.Libraries[library.Name])];
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{library.Name}: ours is {GeometricMean(shares):P0} of it over all shapes, {shares.Min():P0} in the worst"));
        }
        return 0;
    }

    static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}
