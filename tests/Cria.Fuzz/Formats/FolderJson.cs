using Cria.Interop.Checkpoints;

namespace Cria.Fuzz.Formats;

/// <summary>A JSON file of a Hugging Face folder.</summary>
/// <param name="name">What it is called here.</param>
/// <param name="file">What it is called there.</param>
/// <param name="maxShardBytes">Weights beyond this are in a further file: only then is there an index.</param>
sealed class FolderJson(string name, string file, long maxShardBytes = long.MaxValue) : IFormat
{
    public string Name => name;

    // a small JSON file beside larger weights, and the model is as large as those
    public int Expansion => name == "config" ? 100 : 2;

    public long Granted => ContextClaim.AlwaysGranted;

    public string Make(string folder) =>
        Path.Combine(TinyModel.Write("hf", Path.Combine(folder, "model"), maxShardBytes: maxShardBytes), file);

    public byte[] Lie(Random random, byte[] good) => JsonLies.Lie(random, good);

    public void Read(string path, MeteredDevice device) => TinyModel.Read(Path.GetDirectoryName(path)!, device);
}
