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
            _model.Parameters.Write(parameter, TestModels.Numbers(read.Data));
    }

    /// <summary>The logits of all tokens, sequence after sequence.</summary>
    public double[] Logits(IKernels kernels) => TestModels.Logits(_model, kernels, _sequences);

    /// <summary>The mean loss over the targets that are not below 0, and its gradients as the file has its tensors.</summary>
    public (double Loss, Dictionary<string, double[]> Gradients) Step(IKernels kernels, int[][] targets,
        PlanOptions? options = null)
    {
        int[] ids = [.. _sequences.SelectMany(ids => ids)], wanted = [.. targets.SelectMany(row => row)];
        double each = 1.0 / wanted.Count(target => target >= 0);
        double[] weights = Array.ConvertAll(wanted, target => target < 0 ? 0 : each);
        var step = TrainingPlan.Record(_model, _sequences.Length, _sequences.Max(row => row.Length), options ?? new());
        using var plan = step.Plan;
        using var arena = new Arena(CpuDevice.Instance, plan);
        arena.Poison();
        step.Sequence.Fill(ids, TestModels.Starts(_sequences));
        step.Targets.Data.Write<int>(Array.ConvertAll(wanted, target => Math.Max(0, target)));
        if (_model.Parameters.DType == DType.F64)
            step.Weights.Data.Write<double>(weights);
        else
            step.Weights.Data.Write<float>(Array.ConvertAll(weights, x => (float)x));
        plan.Forward(kernels);
        plan.Backward(kernels);
        return (TestModels.Numbers(step.Head.Output.Data)[0], AsStored());
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
            _asStored.Parameters.Write(stored, TestModels.Numbers(parameter.Gradient!.Data));
        return _asStored.StoredTensors.ToDictionary(tensor => tensor.Name, tensor => Array.ConvertAll(tensor.Gather(), x => (double)x));
    }
}
