using System.Buffers.Binary;
using Cria.Interop.Checkpoints;

namespace Cria.Fuzz.Formats;

sealed class Safetensors : IFormat
{
    const int Prefix = sizeof(ulong);

    public string Name => "safetensors";

    public long Granted => ContextClaim.AlwaysGranted;

    public string Make(string folder)
    {
        string model = TinyModel.Write("hf", Path.Combine(folder, "model"));
        return Path.Combine(model, "model.safetensors");
    }

    public byte[] Lie(Random random, byte[] good)
    {
        if (random.Next(8) == 0)
            return Lies.At(random, good, 0, Prefix);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(good);
        byte[] header = JsonLies.Lie(random, good.AsSpan(Prefix, length));
        byte[] prefix = new byte[Prefix];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. good.AsSpan(Prefix + length)];
    }

    public void Read(string path, MeteredDevice device) => TinyModel.Read(Path.GetDirectoryName(path)!, device);
}
