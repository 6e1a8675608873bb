using Cria.Interop.Checkpoints;

namespace Cria.Fuzz.Formats;

/// <summary>llama2.c's .bin: numbers at its head say how long everything else is.</summary>
/// <param name="type">Which head: the first with seven numbers, or version 1 with a mark before them.</param>
sealed class Llama2c(string name, string? type, int head) : IFormat
{
    const int Number = sizeof(int);

    public string Name => name;

    public long Granted => ContextClaim.AlwaysGranted;

    public string Make(string folder) => TinyModel.Write("llama2c", Path.Combine(folder, "model.bin"), type);

    public byte[] Lie(Random random, byte[] good) => Lies.At(random, good, random.Next(head) * Number, Number);

    public void Read(string path, MeteredDevice device) => TinyModel.Read(path, device);
}
