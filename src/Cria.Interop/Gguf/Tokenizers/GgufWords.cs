using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf.Tokenizers;

/// <summary>
/// llama.cpp has no regular expression in its files: a name stands for the expression that cuts words, and for whether a word
/// that is a token is taken whole.
/// </summary>
static class GgufWords
{
    /// <summary>What may stand in a file, the name to write first.</summary>
    static readonly (string Pattern, bool IgnoresMerges, string[] Names)[] All =
    [
        (Gpt2Splitter.Instance.Pattern, false, ["gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat",
            "a.x-4.0", "mellum", "exaone4", "mpt", "olmo", "jais", "trillion", "granite-docling"]),
        (Llama3Splitter.Instance.Pattern, true, ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"]),
        (Llama3Splitter.Instance.Pattern, false, ["dbrx", "smaug-bpe", "chatglm-bpe", "glm4"]),
        (Llama3Splitter.Qwen2.Pattern, false, ["qwen2", "deepseek-r1-qwen", "kormo", "megrez", "stablelm2", "hunyuan"]),
    ];

    /// <exception cref="CheckpointException">llama.cpp has none for it.</exception>
    public static string NameOf(string pattern, bool ignoresMerges) =>
        All.FirstOrDefault(words => words.Pattern == pattern && words.IgnoresMerges == ignoresMerges).Names?[0]
        ?? throw new CheckpointException($"there is no name of llama.cpp's for the words that the tokenizer cuts, '{pattern}'{(ignoresMerges ? " and whole tokens first" : "")}; export it to hf.");

    /// <exception cref="DataException">The name is not known here.</exception>
    public static (string Pattern, bool IgnoresMerges) Named(string name) =>
        All.FirstOrDefault(words => words.Names.Contains(name)) is { Names: not null } found
            ? (found.Pattern, found.IgnoresMerges)
            : throw new DataException($"the tokenizer cuts words as '{GgufText.Shown(name)}'; there is {string.Join(", ", All.SelectMany(words => words.Names))}.");
}
