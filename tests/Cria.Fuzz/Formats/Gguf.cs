using System.Buffers.Binary;
using Cria.Interop.Checkpoints;

namespace Cria.Fuzz.Formats;

/// <summary>GGUF: counts, then keys with typed values, then a directory of tensors, each text with its length before it.</summary>
sealed class Gguf : IFormat
{
    const int TextType = 8, ArrayType = 9;

    /// <summary>Bytes of a value by its type: 8, 16, 32 and 64 bits in their kinds.</summary>
    static readonly int[] Widths = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

    public string Name => "gguf";

    public long Granted => ContextClaim.AlwaysGranted;

    public string Make(string folder) => TinyModel.Write("gguf", Path.Combine(folder, "model.gguf"));

    public byte[] Lie(Random random, byte[] good)
    {
        var fields = new Walk(good).Fields;
        var (at, width) = fields[random.Next(fields.Count)];
        return Lies.At(random, good, at, width);
    }

    public void Read(string path, MeteredDevice device) => TinyModel.Read(path, device);

    /// <summary>Where a good file keeps numbers that a reader believes.</summary>
    sealed class Walk
    {
        readonly byte[] _bytes;
        int _at;

        public Walk(byte[] bytes)
        {
            _bytes = bytes;
            Number(4); // "GGUF"
            Number(4);
            ulong tensors = Number(8), keys = Number(8);
            for (ulong i = 0; i < keys; i++)
            {
                Text();
                Value((int)Number(4));
            }
            for (ulong i = 0; i < tensors; i++)
            {
                Text();
                for (ulong dimensions = Number(4); dimensions > 0; dimensions--)
                    Number(8);
                Number(4);
                Number(8);
            }
        }

        public List<(int At, int Width)> Fields { get; } = [];

        ulong Number(int width)
        {
            Fields.Add((_at, width));
            Span<byte> number = stackalloc byte[8];
            _bytes.AsSpan(_at, width).CopyTo(number);
            _at += width;
            return BinaryPrimitives.ReadUInt64LittleEndian(number);
        }

        void Text()
        {
            int length = (int)Number(8); // moves, before it is moved on
            _at += length;
        }

        void Value(int type)
        {
            if (type == TextType)
                Text();
            else if (type == ArrayType)
                Array((int)Number(4), Number(8));
            else
                Number(Widths[type]);
        }

        void Array(int type, ulong count)
        {
            for (ulong i = 0; i < count; i++)
                Value(type);
        }
    }
}
