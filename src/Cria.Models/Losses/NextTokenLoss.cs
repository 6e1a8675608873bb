using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;

namespace Cria.Models.Losses;

/// <summary>Cross-entropy with the next token.</summary>
/// <param name="labelSmoothing">The share of the target that goes to all tokens alike. Szegedy et al. 2016.</param>
public sealed class NextTokenLoss(float labelSmoothing = 0) : ITrainingLoss
{
    public VocabularyLoss Record(Graph g, Sequence s, ILanguageModel model, Value targets, Value weights)
    {
        var head = new LossHead(model.Predict(g, s), targets, weights, labelSmoothing);
        g.Record(head);
        return head;
    }
}
