using System.Text;
using Cria.Interop.Llama2c;

namespace Cria.Fuzz.Formats;

/// <summary>llama2.c's tokenizer.bin: the longest length, then for each token a score, a length and bytes.</summary>
sealed class Llama2cTokens : IFormat
{
    const int Number = sizeof(int), Pieces = 300;

    static readonly string[] Marks = ["<unk>", "\n<s>\n", "\n</s>\n"];

    public string Name => "llama2c-tokenizer";

    public string Make(string folder)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(8);
        for (int id = 0; id < Pieces; id++)
        {
            byte[] text = Encoding.UTF8.GetBytes(id < Marks.Length ? Marks[id]
                : id < Marks.Length + 256 ? $"<0x{id - Marks.Length:X2}>"
                : ((char)('a' + (id % 26))).ToString() + (id % 7));
            writer.Write(-(float)id);
            writer.Write(text.Length);
            writer.Write(text);
        }
        string path = Path.Combine(folder, "tokenizer.bin");
        File.WriteAllBytes(path, bytes.ToArray());
        return path;
    }

    public byte[] Lie(Random random, byte[] good)
    {
        int at = 0;
        for (int id = random.Next(Pieces + 1); id > 0; id--)
            at = (at == 0 ? Number : at + Number + BitConverter.ToInt32(good, at)) + Number; // at the next token's length
        return Lies.At(random, good, at, Number);
    }

    public void Read(string path, MeteredDevice device) => TinyModel.Use(Llama2cTokenizer.Read(path, Pieces));
}
