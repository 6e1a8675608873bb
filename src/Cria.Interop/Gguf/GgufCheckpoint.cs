using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf.Architectures;
using Cria.Interop.Gguf.Tokenizers;
using Cria.Models;

namespace Cria.Interop.Gguf;

/// <summary>An opened GGUF file.</summary>
sealed class GgufCheckpoint : Checkpoint
{
    readonly GgufFile _file;
    readonly IGgufArchitecture _architecture;
    CheckpointContents? _contents;

    public GgufCheckpoint(string path)
    {
        _file = new(path);
        try
        {
            if (_file.Metadata.Whole("split.count") is > 1 and var parts)
                throw new CheckpointException($"{path} is one of {parts} parts; join them with llama.cpp's llama-gguf-split --merge.");
            _architecture = GgufArchitectures.Of(_file);
            Config = _architecture.Read(new(_file, _architecture.Name));
            Config.Validate();
            CheckSizes();
        }
        catch (Exception e)
        {
            _file.Dispose();
            if (e is ConfigException)
                throw new CheckpointException($"{path}: {e.Message}");
            throw;
        }
    }

    public override string Path => _file.Path;

    public override ModelConfig Config { get; }

    /// <exception cref="Data.DataException">The tokenizer inside is damaged or of an unknown kind.</exception>
    public override CheckpointContents Contents => _contents ??= GgufTokenizer.Read(_file, Config);

    public override long WeightBytes => _file.Tensors.Values.Sum(tensor => tensor.Bytes);

    public override long WeightNumbers => _file.Tensors.Values.Sum(tensor => tensor.Length);

    public override string WeightTypes =>
        string.Join(", ", _file.Tensors.Values.Select(tensor => tensor.Type.Name).Distinct().Order(StringComparer.Ordinal));

    public override void Load(ILanguageModel model, Action<long>? loaded = null, CancellationToken cancellation = default)
    {
        var stream = new WeightStream(loaded, cancellation);
        var strange = _file.Tensors.Keys.ToHashSet();
        if (model.Head.Name != "lm_head.weight")
            strange.Remove("output.weight"); // the same bits as the embedding, or the model would not be tied
        foreach (var weight in _architecture.Weights(model))
        {
            strange.Remove(weight.Name);
            if (weight.Tensor is { } tensor)
            {
                var found = Find(weight);
                stream.Load(tensor, (first, numbers) => _file.Read(found, first, numbers));
            }
            else if (_file.Tensors.ContainsKey(weight.Name))
                CheckZeros(weight);
        }
        if (strange.Count > 0)
            throw new CheckpointException($"{_file.Path} has {strange.Count} tensors that a {_architecture.Name} does not ask for, such as {strange.Order(StringComparer.Ordinal).First()}; it is of another architecture.");
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    GgufTensor Find(GgufWeight weight)
    {
        var tensor = _file.Find(weight.Name);
        var sizes = tensor.Sizes.Reverse().SkipWhile(size => size == 1); // a vector may be written as a matrix of one row
        return sizes.SequenceEqual(weight.Shape.ToArray().SkipWhile(size => size == 1).Select(size => (long)size))
            ? tensor
            : throw new CheckpointException($"{_file.Path}: {weight.Name} is ({string.Join(", ", tensor.Sizes.Reverse())}), and the metadata makes it {weight.Shape}.");
    }

    void CheckZeros(GgufWeight weight)
    {
        float[] numbers = new float[weight.Shape.Length];
        _file.Read(Find(weight), 0, numbers);
        if (numbers.AsSpan().ContainsAnyExcept(0f))
            throw new CheckpointException($"{_file.Path}: {weight.Name} has other numbers than zeros, and the metadata says that the model has no biases.");
    }

    // Before memory is asked for: a few bytes of metadata can promise any size, the numbers must be in the file.
    void CheckSizes()
    {
        long there = _file.Tensors.Values.Sum(tensor => tensor.Length);
        if (Config.MatMulWeights > there)
            throw new CheckpointException($"{_file.Path}: the metadata makes a model of more than {Config.MatMulWeights:N0} numbers, and the tensors have {there:N0}.");
        long layers = _file.Tensors.Keys.Count(name => name.StartsWith("blk.", StringComparison.Ordinal) && name.EndsWith(".attn_norm.weight", StringComparison.Ordinal));
        if (layers != Config.NumHiddenLayers)
            throw new CheckpointException($"{_file.Path} has {layers} layers, and the metadata says {Config.NumHiddenLayers}.");
    }
}
