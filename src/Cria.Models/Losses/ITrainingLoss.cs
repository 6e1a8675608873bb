using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;

namespace Cria.Models.Losses;

/// <summary>What training makes small.</summary>
public interface ITrainingLoss
{
    /// <summary>Models besides the one that learns; they run forward only, on the same tokens.</summary>
    IReadOnlyList<ILanguageModel> Teachers => [];

    /// <summary>Records the model's forward pass and the loss of its predictions.</summary>
    /// <param name="g">The graph of the step.</param>
    /// <param name="s">Its tokens; the model that learns drops out as they say.</param>
    /// <param name="model">Learns.</param>
    /// <param name="targets">I32 (R, 1): the next token of every row.</param>
    /// <param name="weights">(R, 1): what the loss of every row counts.</param>
    VocabularyLoss Record(Graph g, Sequence s, ILanguageModel model, Value targets, Value weights);
}
