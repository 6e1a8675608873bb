using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.Gguf.Architectures;

/// <summary>What llama.cpp calls an architecture, its sizes and its tensors.</summary>
interface IGgufArchitecture
{
    /// <summary>As general.architecture spells it, which also begins the keys of its sizes.</summary>
    string Name { get; }

    Type ConfigType { get; }

    /// <summary>The sizes of a file.</summary>
    /// <exception cref="CheckpointException">One is missing, or means what our model does not do.</exception>
    ModelConfig Read(GgufSizes sizes);

    /// <summary>Sizes under their keys.</summary>
    /// <exception cref="CheckpointException">llama.cpp's model of this name does not do what the config says.</exception>
    void Write(ModelConfig config, GgufMetadataWriter metadata);

    /// <summary>Every tensor of the file, in its order.</summary>
    IEnumerable<GgufWeight> Weights(ILanguageModel model);
}

/// <summary>A tensor of a file and the parameters whose numbers it holds.</summary>
/// <param name="Tensor">Its rows, in the order of the file; null where llama.cpp wants zeros that our model does not have.</param>
readonly record struct GgufWeight(string Name, Shape Shape, StoredTensor? Tensor);
