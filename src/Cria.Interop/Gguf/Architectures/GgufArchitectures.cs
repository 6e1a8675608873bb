using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.Gguf.Architectures;

/// <summary>The architectures that both programs have.</summary>
static class GgufArchitectures
{
    static readonly IGgufArchitecture[] All = [new GgufLlama(), new GgufQwen3(), new GgufGpt2()];

    /// <summary>The architecture of a file.</summary>
    /// <exception cref="CheckpointException">The file names none, or one that there is not here.</exception>
    public static IGgufArchitecture Of(GgufFile file)
    {
        string name = file.Metadata.Text("general.architecture")
            ?? throw new CheckpointException($"{file.Path} has no general.architecture; it holds no model.");
        return All.FirstOrDefault(architecture => architecture.Name == name)
            ?? throw new CheckpointException($"{file.Path} has general.architecture '{GgufText.Shown(name)}'; there is {Names}.");
    }

    /// <summary>The architecture of a model.</summary>
    /// <exception cref="CheckpointException">llama.cpp has none such.</exception>
    public static IGgufArchitecture Of(ModelConfig config) =>
        All.FirstOrDefault(architecture => architecture.ConfigType == config.GetType())
        ?? throw new CheckpointException(config.ModelType == "gptj"
            ? "llama.cpp knows the name gptj and cannot run one, so a GPT-J is not written as GGUF; export it to hf."
            : $"a model of type {config.ModelType} is not written as GGUF; there is {Names}.");

    static string Names => string.Join(", ", All.Select(architecture => architecture.Name));
}
