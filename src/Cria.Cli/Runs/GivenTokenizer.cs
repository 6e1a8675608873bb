using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;
using Cria.Interop;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Cli.Runs;

/// <summary>A tokenizer that takes the place of a checkpoint's own.</summary>
/// <param name="Path">Where it was read.</param>
/// <param name="Tokenizer">What it is.</param>
/// <param name="Files">Name → bytes, of a tokenizer.json and what lies beside it; of other kinds a tokenizer.json is made.</param>
sealed record GivenTokenizer(string Path, ITokenizer Tokenizer, IReadOnlyDictionary<string, byte[]> Files)
{
    /// <param name="path">A file of any kind that is known, or a folder that holds one.</param>
    /// <exception cref="Data.DataException">Nothing is there, or nothing that is known.</exception>
    public static GivenTokenizer Open(string path)
    {
        var file = TokenizerFile.Open(path);
        return new(path, file.Tokenizer, System.IO.Path.GetFileName(file.Path) == TokenizerJson.FileName
            ? FolderStore.TokenizerFiles(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file.Path))!)
            : new Dictionary<string, byte[]>());
    }

    /// <exception cref="CheckpointException">It has ids that the model has no embedding for.</exception>
    public void Check(ModelConfig model)
    {
        if (Tokenizer.VocabSize > model.VocabSize)
            throw new CheckpointException($"{Path} has {Tokenizer.VocabSize:N0} tokens, and the model's embedding {model.VocabSize:N0}; " +
                "name the tokenizer that the model was trained with.");
    }
}
