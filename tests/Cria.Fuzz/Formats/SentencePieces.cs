using System.Text;
using Cria.Interop.SentencePiece;

namespace Cria.Fuzz.Formats;

/// <summary>SentencePiece's .model, written by hand: messages in a message, each with its length before it.</summary>
sealed class SentencePieces : IFormat
{
    const int Normal = 1, Unknown = 2, Control = 3, Byte = 6;

    public string Name => "sentencepiece";

    public string Make(string folder) => Write(folder);

    /// <summary>A tokenizer of characters, bytes and some words.</summary>
    public static string Write(string folder)
    {
        List<byte> file = [];
        AddPiece(file, "<unk>", 0, Unknown);
        AddPiece(file, "<s>", 0, Control);
        AddPiece(file, "</s>", 0, Control);
        for (int i = 0; i < 256; i++)
            AddPiece(file, $"<0x{i:X2}>", 0, Byte);
        foreach (var (piece, i) in "▁ t h e a c s at th the ▁the ▁c ▁cat ▁s ▁sat n o ▁on m ▁m ▁mat".Split(' ').Select((p, i) => (p, i)))
            AddPiece(file, piece, -i, Normal);
        AddMessage(file, 2, [.. Varint((3 << 3) | 0), .. Varint(2), .. Varint((35 << 3) | 0), .. Varint(1)]); // BPE, byte fallback
        AddMessage(file, 3, [.. Field(1, Encoding.UTF8.GetBytes("identity")), .. Varint((3 << 3) | 0), .. Varint(1)]);
        string path = Path.Combine(folder, "tokenizer.model");
        File.WriteAllBytes(path, [.. file]);
        return path;
    }

    public byte[] Lie(Random random, byte[] good)
    {
        var (at, number, width) = Varints(good, 0, good.Length).ElementAt(random.Next(Varints(good, 0, good.Length).Count()));
        byte[] lie = Varint(random.Next(4) == 0 ? number ^ (1UL << random.Next(8)) : Lies.Number(random, number, (ulong)good.Length));
        return [.. good[..at], .. lie, .. good[(at + width)..]];
    }

    public void Read(string path, MeteredDevice device) => TinyModel.Use(SentencePieceFile.Read(path));

    static void AddPiece(List<byte> file, string piece, float score, int type) => AddMessage(file, 1,
    [
        .. Field(1, Encoding.UTF8.GetBytes(piece)), (2 << 3) | 5, .. BitConverter.GetBytes(score),
        .. Varint((3 << 3) | 0), .. Varint((ulong)type),
    ]);

    static void AddMessage(List<byte> file, int field, byte[] message) => file.AddRange(Field(field, message));

    static byte[] Field(int field, byte[] bytes) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    static byte[] Varint(ulong number)
    {
        List<byte> bytes = [];
        for (; number > 127; number >>= 7)
            bytes.Add((byte)(number | 128));
        return [.. bytes, (byte)number];
    }

    /// <summary>Every tag, length and number of a message and of the messages in it.</summary>
    static IEnumerable<(int At, ulong Number, int Width)> Varints(byte[] bytes, int start, int end)
    {
        for (int at = start; at < end;)
        {
            var tag = ReadVarint(bytes, at);
            yield return (at, tag.Number, tag.Width);
            at += tag.Width;
            if ((tag.Number & 7) == 5)
            {
                at += sizeof(float);
                continue;
            }
            var value = ReadVarint(bytes, at);
            yield return (at, value.Number, value.Width);
            at += value.Width;
            if ((tag.Number & 7) != 2)
                continue;
            bool isMessage = start == 0; // only the outermost holds others
            if (isMessage)
                foreach (var inner in Varints(bytes, at, at + (int)value.Number))
                    yield return inner;
            at += (int)value.Number;
        }
    }

    static (ulong Number, int Width) ReadVarint(byte[] bytes, int at)
    {
        ulong number = 0;
        int width = 0;
        do
            number |= (ulong)(bytes[at + width] & 127) << (7 * width);
        while (bytes[at + width++] > 127);
        return (number, width);
    }
}
