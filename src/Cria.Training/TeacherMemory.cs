using Cria.Engine.Graphs;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Training;

/// <summary>What a model that runs forward only takes beside the one that learns.</summary>
/// <param name="Weights">Bytes of its weights and constant tables, its own.</param>
/// <param name="Activations">Bytes of the arena while it runs. Teachers run one after another before the student does, so the arena
/// holds those of one at a time, in the place of what the student will keep there.</param>
public sealed record TeacherMemory(long Weights, long Activations)
{
    /// <param name="teacher">Created, with or without memory.</param>
    /// <param name="sequences">B of the student's micro-batch.</param>
    /// <param name="length">T of it.</param>
    public static TeacherMemory Of(ILanguageModel teacher, int sequences, int length)
    {
        int rows = sequences * length;
        var graph = new Graph(teacher.Parameters.DType);
        var sequence = new Sequence(graph, rows, rows, length);
        using var plan = Plan.Forward(graph, teacher.Parameters.Device, teacher.Predict(graph, sequence).Hidden);
        return new(WeightsOf(teacher), plan.ArenaBytes);
    }

    /// <summary>Bytes of a model's weights and constant tables.</summary>
    public static long WeightsOf(ILanguageModel model) =>
        model.Parameters.FlatLength * model.Parameters.DType.SizeInBytes() + model.TableBytes;
}
