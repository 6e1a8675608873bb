using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>An opened folder.</summary>
sealed class HuggingFaceCheckpoint(string folder, ModelConfig config, WeightFiles files) : Checkpoint
{
    const string Head = "lm_head.weight";

    /// <summary>Tables and masks that older programs wrote beside the weights; each can be computed.</summary>
    static readonly string[] Derived = [".rotary_emb.inv_freq", ".attn.bias", ".attn.masked_bias", ".attn.embed_positions"];

    /// <summary>What the names of a whole model begin with; a file of the body alone leaves it out.</summary>
    static readonly string[] BodyPrefixes = ["model.", "transformer."];

    CheckpointContents? _contents;

    public override string Path => folder;

    public override ModelConfig Config => config;

    public override CheckpointContents Contents => _contents ??= FolderContents.Read(folder);

    public override long WeightBytes => files.Tensors.Values.Sum(tensor => tensor.Entry.Bytes);

    public override long WeightNumbers => files.Tensors.Values.Sum(tensor => tensor.Entry.Length);

    public override string WeightTypes =>
        string.Join(", ", files.Tensors.Values.Select(tensor => tensor.Entry.Type).Distinct().Order(StringComparer.Ordinal));

    public override void Load(ILanguageModel model, Action<long>? loaded = null, CancellationToken cancellation = default)
    {
        var stream = new WeightStream(loaded, cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in model.StoredTensors)
        {
            var (file, entry) = Find(tensor);
            known.Add(entry.Name);
            stream.Load(tensor, (first, numbers) => file.Read(entry, first, numbers));
        }
        CheckTiedHead(model);
        foreach (var (name, _) in Gpt2Json.ZeroBiases(config))
            CheckZero(name, known);
        string[] strange = [.. files.Tensors.Keys.Where(name => !known.Contains(name) && name != Head && !IsDerived(name))];
        if (strange.Length > 0)
            throw new CheckpointException(
                $"{files.Path} has {strange.Length} tensors that the config does not ask for, such as {strange[0]}; it is of another architecture.");
    }

    protected override void Check(ILanguageModel model)
    {
        foreach (var tensor in model.StoredTensors)
            Find(tensor); // which one it is says more than how many numbers are missing
        base.Check(model);
    }

    protected override void Dispose(bool disposing)
    {
        files.Dispose();
        base.Dispose(disposing);
    }

    (SafetensorsReader File, SafetensorsEntry Entry) Find(StoredTensor tensor)
    {
        var (file, entry) = Find(tensor.Name);
        return entry.Sizes.AsSpan().SequenceEqual(tensor.Shape.ToArray())
            ? (file, entry)
            : throw new CheckpointException(
                $"{file.Path}: {entry.Name} is ({string.Join(", ", entry.Sizes)}), and {ConfigJson.FileName} makes it {tensor.Shape}.");
    }

    (SafetensorsReader File, SafetensorsEntry Entry) Find(string name)
    {
        if (!files.Tensors.TryGetValue(name, out var found) && !files.Tensors.TryGetValue(Body(name), out found))
            throw new CheckpointException($"{files.Path} has no tensor named {name}." +
                (name == Head ? " If the head is the embedding, set tie_word_embeddings to true in config.json." : ""));
        return (found.File, found.File.Find(found.Entry.Name));
    }

    // A model without biases may be written with zeros for them; anything else would be lost without a word.
    void CheckZero(string name, HashSet<string> known)
    {
        if (!files.Tensors.ContainsKey(name) && !files.Tensors.ContainsKey(Body(name)))
            return;
        var (file, entry) = Find(name);
        float[] numbers = new float[entry.Length];
        file.Read(entry, numbers);
        if (numbers.AsSpan().ContainsAnyExcept(0f))
            throw new CheckpointException($"{file.Path}: {entry.Name} is not zero, and config.json says that the model has no biases; set bias of its cria block to true.");
        known.Add(entry.Name);
    }

    // Some programs write a tied head out; one with other numbers would be lost without a word.
    void CheckTiedHead(ILanguageModel model)
    {
        if (model.Head.Name == Head || !files.Tensors.TryGetValue(Head, out var head))
            return;
        var entry = head.File.Find(Head);
        if (entry.Length == model.Head.Shape.Length && SameNumbers(model, head.File, entry))
            return;
        throw new CheckpointException($"{files.Path} has a {Head} of its own, and config.json ties it to {model.Head.Name}; set tie_word_embeddings to false.");
    }

    static bool SameNumbers(ILanguageModel model, SafetensorsReader file, SafetensorsEntry entry)
    {
        bool same = true;
        float[] ours = new float[1 << 14], theirs = new float[ours.Length];
        var head = model.Head.Master;
        for (long first = 0; same && first < entry.Length; first += ours.Length)
        {
            int count = (int)Math.Min(ours.Length, entry.Length - first);
            new Tensor(head.Device, head.Address + (nint)(first * sizeof(float)), head.DType, new Shape(count)).Read(ours.AsSpan(0, count));
            file.Read(entry, first, theirs.AsSpan(0, count));
            same = ours.AsSpan(0, count).SequenceEqual(theirs.AsSpan(0, count));
        }
        return same;
    }

    // The name in a file of the body alone.
    static string Body(string name) =>
        Array.Find(BodyPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix ? name[prefix.Length..] : name;

    static bool IsDerived(string name) => Derived.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
