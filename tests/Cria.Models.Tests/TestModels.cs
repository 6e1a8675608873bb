using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

/// <summary>Models as tests need them, and what they compute.</summary>
static class TestModels
{
    public static ILanguageModel Ready(ModelConfig config, DType type = DType.F32, bool withGradients = false)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance, type);
        model.Parameters.Allocate(withGradients);
        model.Parameters.Initialize(seed: 2);
        return model;
    }

    public static long Count(ModelConfig config)
    {
        using var model = ModelCatalog.Create(config, CpuDevice.Instance);
        return model.Parameters.Count;
    }

    /// <summary>The logits of all tokens of sequences that lie side by side in one forward pass.</summary>
    public static double[] Logits(ILanguageModel model, IKernels kernels, params int[][] sequences)
    {
        int[] ids = [.. sequences.SelectMany(ids => ids)];
        var graph = new Graph(model.Parameters.DType);
        var sequence = new Sequence(graph, ids.Length, sequences.Length, sequences.Max(ids => ids.Length));
        var logits = model.Logits(graph, sequence);
        using var plan = Plan.Forward(graph, CpuDevice.Instance, logits);
        using var arena = new Arena(CpuDevice.Instance, plan);
        arena.Poison();
        sequence.Fill(ids, Starts(sequences));
        plan.Forward(kernels);
        return Numbers(logits.Data);
    }

    /// <summary>The loss of every token of windows that lie side by side, but for each window's first.</summary>
    public static float[] Losses(ILanguageModel model, IKernels kernels, params int[][] windows)
    {
        using var pass = new LossPass(model, 128, 64);
        using var arena = new Arena(CpuDevice.Instance, pass.Plan);
        arena.Poison();
        foreach (int[] window in windows)
            Assert.True(pass.TryAdd(window));
        return pass.Run(kernels).ToArray();
    }

    /// <summary>Where each of them begins when they lie side by side.</summary>
    public static int[] Starts(int[][] sequences) => [.. sequences.Select((_, i) => sequences.Take(i).Sum(ids => ids.Length))];

    public static double[] Numbers(Tensor tensor) => tensor.DType == DType.F64
        ? tensor.ToArray<double>()
        : Array.ConvertAll(tensor.ToArray<float>(), x => (double)x);
}

/// <summary>Kernels that end with the test.</summary>
sealed record Owned(IKernels Kernels) : IDisposable
{
    public void Dispose() => (Kernels as IDisposable)?.Dispose();
}
