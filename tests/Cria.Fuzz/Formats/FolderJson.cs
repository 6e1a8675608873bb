using Cria.Interop.Checkpoints;

namespace Cria.Fuzz.Formats;

/// <summary>A JSON file of a Hugging Face folder: config.json or tokenizer.json.</summary>
sealed class FolderJson(string name) : IFormat
{
    public string Name => name;

    // a small JSON file beside larger weights, and the model is as large as those
    public int Expansion => name == "config" ? 100 : 2;

    public long Granted => ContextClaim.AlwaysGranted;

    public string Make(string folder) => Path.Combine(TinyModel.Write("hf", Path.Combine(folder, "model")), name + ".json");

    public byte[] Lie(Random random, byte[] good) => JsonLies.Lie(random, good);

    public void Read(string path, MeteredDevice device) => TinyModel.Read(Path.GetDirectoryName(path)!, device);
}
