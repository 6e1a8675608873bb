using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>
/// A checkpoint as Hugging Face keeps it: config.json, generation_config.json, model.safetensors, tokenizer files.
/// Our names are theirs, so that only the files differ.
/// </summary>
/// <param name="tokenizerFiles">Name → content of the tokenizer's files, copied into every checkpoint.</param>
/// <param name="endOfText">The token that opens and closes a document.</param>
public sealed class FolderStore(IReadOnlyDictionary<string, byte[]> tokenizerFiles, int? endOfText) : IModelStore
{
    const string Weights = "model.safetensors", Head = "lm_head.weight";

    static readonly string[] Derived = [".rotary_emb.inv_freq", ".attn.bias", ".attn.masked_bias"];

    /// <summary>A model with the weights of a folder, ready to run.</summary>
    public static ILanguageModel Open(string folder, IDevice device, bool withGradients = false)
    {
        string config = Path.Combine(folder, "config.json");
        if (!File.Exists(config))
            throw new CheckpointException(Directory.Exists(folder)
                ? $"{folder} has no config.json; a checkpoint is a Hugging Face folder."
                : $"{folder} does not exist; a checkpoint is a Hugging Face folder.");
        var model = ModelCatalog.Create(ConfigJson.Read(config), device);
        model.Parameters.Allocate(withGradients);
        ReadWeights(folder, model);
        return model;
    }

    public void Load(string folder, ILanguageModel model) => ReadWeights(folder, model);

    public void Save(string folder, ILanguageModel model)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), ConfigJson.Write(model.Config, endOfText));
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), endOfText is null
            ? "{}\n"
            : $"{{\n  \"bos_token_id\": {endOfText},\n  \"eos_token_id\": {endOfText}\n}}\n");
        foreach (var (name, content) in tokenizerFiles)
            File.WriteAllBytes(Path.Combine(folder, name), content);
        WriteWeights(Path.Combine(folder, Weights), [.. model.StoredTensors]);
    }

    /// <summary>The tokenizer files of a folder, to be carried into checkpoints.</summary>
    public static Dictionary<string, byte[]> TokenizerFiles(string folder)
    {
        var files = new Dictionary<string, byte[]>();
        foreach (string name in (string[])["tokenizer.json", "tokenizer_config.json"])
            if (File.Exists(Path.Combine(folder, name)))
                files[name] = File.ReadAllBytes(Path.Combine(folder, name));
        return files;
    }

    static void WriteWeights(string path, IReadOnlyList<StoredTensor> tensors)
    {
        using var file = new SafetensorsWriter(path, [.. tensors.Select(tensor => (tensor.Name, tensor.Shape))]);
        foreach (var tensor in tensors)
        {
            if (tensor.IsPlain)
                file.Append(tensor.Parts[0].Master); // in pieces, without a copy of the whole
            else
                file.Append(tensor.Gather());
        }
        file.Complete();
    }

    static void ReadWeights(string folder, ILanguageModel model)
    {
        string path = Path.Combine(folder, Weights);
        if (!File.Exists(path) && File.Exists(path + ".index.json"))
            throw new CheckpointException($"{folder} keeps its weights in several files, which {Weights}.index.json lists; save it again as one {Weights}.");
        using var file = new SafetensorsReader(path);
        var tensors = model.StoredTensors.ToArray();
        foreach (var tensor in tensors)
        {
            var entry = file.Find(tensor.Name);
            if (!entry.Sizes.AsSpan().SequenceEqual(tensor.Shape.ToArray()))
                throw new CheckpointException($"{file.Path}: {tensor.Name} is ({string.Join(", ", entry.Sizes)}), and config.json makes it {tensor.Shape}.");
            float[] values = new float[entry.Length];
            file.Read(entry, values);
            tensor.Scatter(values);
        }
        CheckTiedHead(file, model);
        var known = tensors.Select(tensor => tensor.Name).ToHashSet();
        var strange = file.Entries.Keys.Where(name => !known.Contains(name) && !IsDerived(name)).ToArray();
        if (strange.Length > 0)
            throw new CheckpointException(
                $"{file.Path} has {strange.Length} tensors that the config does not ask for, such as {strange[0]}; it is of another architecture.");
    }

    // Some programs write a tied head out; one with other numbers would be lost without a word.
    static void CheckTiedHead(SafetensorsReader file, ILanguageModel model)
    {
        if (model.Head.Name == Head || !file.Entries.TryGetValue(Head, out var entry))
            return;
        float[] written = new float[model.Head.Shape.Length];
        file.Read(file.Find(entry.Name), written);
        if (!written.AsSpan().SequenceEqual(model.Head.Master.ToArray<float>()))
            throw new CheckpointException($"{file.Path} has a {Head} of its own, and config.json ties it to {model.Head.Name}; set tie_word_embeddings to false.");
    }

    // A tied head that was written out, and tables and masks that can be computed.
    static bool IsDerived(string name) =>
        name == Head || Derived.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
