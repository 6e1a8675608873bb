using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Tensors;
using Cria.Models.Losses;

namespace Cria.Models;

/// <summary>The recorded step of a model on B sequences of T tokens, with the inputs the host fills.</summary>
/// <param name="Targets">I32 (R, 1): the next token of every row.</param>
/// <param name="Weights">(R, 1): of every row, 1 / the tokens of the step.</param>
public sealed record TrainingPlan(Plan Plan, Sequence Sequence, Value Targets, Value Weights, VocabularyLoss Head)
{
    /// <param name="model">Its parameters need no memory yet.</param>
    /// <param name="sequences">B</param>
    /// <param name="length">T</param>
    /// <param name="options">How the plan is laid out.</param>
    /// <param name="seed">Of dropout, where the model drops.</param>
    /// <param name="loss">What is made small; the next token's cross-entropy where it is left out.</param>
    public static TrainingPlan Record(ILanguageModel model, int sequences, int length, PlanOptions options, ulong seed = 0,
        ITrainingLoss? loss = null)
    {
        int rows = sequences * length;
        var graph = new Graph(model.Parameters.DType);
        var sequence = new Sequence(graph, rows, rows, length) { Dropout = new(graph, seed) };
        var targets = graph.Input("targets", DType.I32, new Shape(rows, 1), followsExtent: true);
        var weights = graph.Input("weights", graph.DType, new Shape(rows, 1), followsExtent: true);
        var head = (loss ?? new NextTokenLoss()).Record(graph, sequence, model, targets, weights);
        return new(Plan.Training(graph, head.Output, model.Parameters.Device, options), sequence, targets, weights, head);
    }
}
