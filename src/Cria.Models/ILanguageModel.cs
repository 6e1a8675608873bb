using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;

namespace Cria.Models;

/// <summary>A decoder: tokens in, final hidden states out, and a head that turns them into logits.</summary>
public interface ILanguageModel : IDisposable
{
    ModelConfig Config { get; }

    ParameterStore Parameters { get; }

    /// <summary>(V, H); the embedding itself where they are tied.</summary>
    Parameter Head { get; }

    /// <summary>(V): what the head adds to the logits, in architectures that add something.</summary>
    Parameter? HeadBias => null;

    /// <summary>The embedding of positions, in architectures that learn one; some count their parameters without it.</summary>
    Parameter? PositionEmbedding => null;

    /// <summary>Bytes of constant tables that the model allocated when it was made.</summary>
    long TableBytes => 0;

    /// <summary>What the architecture's files hold, in their order: every parameter once, under its published name.</summary>
    IEnumerable<StoredTensor> StoredTensors =>
        Parameters.Parameters.Select(parameter => new StoredTensor(parameter.Name, IsTransposed: false, parameter));

    /// <summary>Records the forward pass: (R, H), after the final norm.</summary>
    Value Forward(Graph g, Sequence s);

    /// <summary>Records the forward pass; what it says of the next tokens, not yet projected onto the vocabulary.</summary>
    Prediction Predict(Graph g, Sequence s) => new(Forward(g, s), Head, HeadBias);

    /// <summary>Records the forward pass and the head: (R, V).</summary>
    Value Logits(Graph g, Sequence s) => g.MatMul(Forward(g, s), Head, HeadBias);
}

/// <summary>Where models are read and written; Interop knows the formats.</summary>
public interface IModelStore
{
    /// <summary>Writes config, weights and tokenizer into an existing folder.</summary>
    void Save(string folder, ILanguageModel model);

    /// <summary>Fills the model's parameters from a folder.</summary>
    void Load(string folder, ILanguageModel model);
}
