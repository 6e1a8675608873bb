using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;

namespace Cria.Interop.Gguf.Architectures;

/// <summary>The sizes of one architecture in a file's metadata.</summary>
/// <param name="architecture">What their keys begin with.</param>
sealed class GgufSizes(GgufFile file, string architecture)
{
    const string Embedding = "token_embd.weight", Head = "output.weight";

    public GgufFile File => file;

    /// <summary>V: the rows of the embedding.</summary>
    public int VocabSize => Sizes(Embedding) is [_, var rows]
        ? Whole(rows, $"the rows of {Embedding}")
        : throw new CheckpointException($"{file.Path}: {Embedding} is not a matrix.");

    /// <summary>There is no head beside the embedding, or one with the same bits, as older converters write it.</summary>
    public bool IsTied => !file.Tensors.TryGetValue(Head, out var head) || file.AreSame(head, file.Find(Embedding));

    /// <summary>A size that must be there.</summary>
    public int Size(string key) =>
        Optional(key) ?? throw new CheckpointException($"{file.Path} has no {architecture}.{key}.");

    public int? Optional(string key) =>
        file.Metadata.Whole($"{architecture}.{key}") is { } whole ? Whole(whole, $"{architecture}.{key}") : null;

    /// <summary>The longest sequence of a model whose positions turn its heads.</summary>
    public int Context(int headSize)
    {
        int context = Size("context_length");
        ContextClaim.Check(file.Path, context, headSize, new FileInfo(file.Path).Length);
        return context;
    }

    /// <summary>A number that must be there.</summary>
    public float Real(string key) =>
        (float)(OptionalReal(key) ?? throw new CheckpointException($"{file.Path} has no {architecture}.{key}."));

    public double? OptionalReal(string key) => file.Metadata.Real($"{architecture}.{key}");

    /// <summary>Refuses a file in which a size is another than the one our model has.</summary>
    public void Expect(string key, int expected)
    {
        if (Optional(key) is { } found && found != expected)
            throw new CheckpointException($"{file.Path} has {architecture}.{key} {found}; with {expected} it can be read.");
    }

    /// <summary>Refuses a file whose positions are stretched.</summary>
    public void ExpectPlainPositions()
    {
        if (file.Metadata.Text($"{architecture}.rope.scaling.type") is { } scaling && scaling != "none")
            throw new CheckpointException($"{file.Path} has {architecture}.rope.scaling.type '{GgufText.Shown(scaling)}', which is not supported.");
    }

    /// <summary>The sizes of a tensor, the fastest first.</summary>
    public IReadOnlyList<long> Sizes(string tensor) => file.Find(tensor).Sizes;

    int Whole(long value, string what) => value is >= 0 and <= int.MaxValue
        ? (int)value
        : throw new CheckpointException($"{file.Path}: {what} is {value:N0}, and 0 to {int.MaxValue:N0} was expected.");
}
