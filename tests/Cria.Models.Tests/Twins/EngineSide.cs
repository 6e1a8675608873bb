using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests.Twins;

/// <summary>What the engine makes of a checkpoint and several sequences of different lengths in one step.</summary>
sealed class EngineSide : IDisposable
{
    readonly ILanguageModel _model, _asStored;
    readonly int[][] _sequences;

    public EngineSide(ModelConfig config, DType type, Checkpoint file, int[][] sequences)
    {
        _sequences = sequences;
        _model = ModelCatalog.Create(config, CpuDevice.Instance, type);
        _model.Parameters.Allocate(withGradients: true);
        _asStored = ModelCatalog.Create(config, CpuDevice.Instance);
        _asStored.Parameters.Allocate(withGradients: false);
        foreach (var tensor in _asStored.StoredTensors)
            tensor.WriteRows(0, Array.ConvertAll(file[tensor.Name].Numbers, x => (float)x));
        foreach (var (parameter, read) in _model.Parameters.Parameters.Zip(_asStored.Parameters.Parameters))
            _model.Parameters.Write(parameter, Numbers(read.Data));
    }

    int[] Starts => [.. _sequences.Select((_, i) => _sequences.Take(i).Sum(ids => ids.Length))];

    /// <summary>The logits of all tokens, sequence after sequence.</summary>
    public double[] Logits(IKernels kernels)
    {
        int[] ids = [.. _sequences.SelectMany(ids => ids)];
        var graph = new Graph(_model.Parameters.DType);
        var sequence = new Sequence(graph, ids.Length, _sequences.Length, _sequences.Max(ids => ids.Length));
        var logits = _model.Logits(graph, sequence);
        using var plan = Plan.Forward(graph, CpuDevice.Instance, logits);
        using var arena = new Arena(CpuDevice.Instance, plan);
        arena.Poison();
        sequence.Fill(ids, Starts);
        plan.Forward(kernels);
        return Numbers(logits.Data);
    }

    /// <summary>The mean loss over the targets that are not below 0, and its gradients as the file has its tensors.</summary>
    public (double Loss, Dictionary<string, double[]> Gradients) Step(IKernels kernels, int[][] targets)
    {
        int[] ids = [.. _sequences.SelectMany(ids => ids)], wanted = [.. targets.SelectMany(row => row)];
        double each = 1.0 / wanted.Count(target => target >= 0);
        double[] weights = Array.ConvertAll(wanted, target => target < 0 ? 0 : each);
        var step = TrainingPlan.Record(_model, _sequences.Length, _sequences.Max(row => row.Length), new());
        using var plan = step.Plan;
        using var arena = new Arena(CpuDevice.Instance, plan);
        arena.Poison();
        step.Sequence.Fill(ids, Starts);
        step.Targets.Data.Write<int>(Array.ConvertAll(wanted, target => Math.Max(0, target)));
        if (_model.Parameters.DType == DType.F64)
            step.Weights.Data.Write<double>(weights);
        else
            step.Weights.Data.Write<float>(Array.ConvertAll(weights, x => (float)x));
        plan.Forward(kernels);
        plan.Backward(kernels);
        return (Numbers(step.Head.Output.Data)[0], AsStored());
    }

    public void Dispose()
    {
        _model.Dispose();
        _asStored.Dispose();
    }

    // A gradient lies in memory as its parameter does: put in the parameter's place, it is gathered like the parameter.
    Dictionary<string, double[]> AsStored()
    {
        foreach (var (parameter, stored) in _model.Parameters.Parameters.Zip(_asStored.Parameters.Parameters))
            _asStored.Parameters.Write(stored, Numbers(parameter.Gradient!.Data));
        return _asStored.StoredTensors.ToDictionary(tensor => tensor.Name, tensor => Array.ConvertAll(tensor.Gather(), x => (double)x));
    }

    static double[] Numbers(Tensor tensor) => tensor.DType == DType.F64
        ? tensor.ToArray<double>()
        : Array.ConvertAll(tensor.ToArray<float>(), x => (double)x);
}
