using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Cria.Models.Tests.Twins;

/// <summary>
/// The float32 matrices of an ONNX file, by name: of protocol buffers just what lies between a file, its graph (field 7),
/// the graph's tensors (5) and their sizes (1), name (8) and bytes (9).
/// </summary>
static class OnnxMatrices
{
    public static Dictionary<string, Matrix> Read(string path)
    {
        var graph = Fields(File.ReadAllBytes(path)).Single(field => field.Name == 7).Bytes;
        var matrices = new Dictionary<string, Matrix>();
        foreach (var (_, _, tensor) in Fields(graph).Where(field => field.Name == 5))
        {
            var fields = Fields(tensor).ToArray();
            int[] sizes = [.. fields.Where(field => field.Name == 1).Select(field => (int)field.Number)];
            const ulong Float32 = 1;
            if (sizes.Length != 2 || fields.Single(field => field.Name == 2).Number != Float32)
                continue;
            float[] numbers = MemoryMarshal.Cast<byte, float>(fields.Single(field => field.Name == 9).Bytes.Span).ToArray();
            string name = Encoding.UTF8.GetString(fields.Single(field => field.Name == 8).Bytes.Span);
            matrices[name] = new(sizes[0], sizes[1], Array.ConvertAll(numbers, x => (double)x));
        }
        return matrices;
    }

    static IEnumerable<(int Name, ulong Number, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong key = Varint(message.Span, ref at);
            var (number, bytes) = (0UL, default(ReadOnlyMemory<byte>));
            switch (key & 7)
            {
                case 0:
                    number = Varint(message.Span, ref at);
                    break;
                case 2:
                    int length = (int)Varint(message.Span, ref at);
                    bytes = message.Slice(at, length);
                    at += length;
                    break;
                case 5:
                    number = BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
            yield return ((int)(key >> 3), number, bytes);
        }
    }

    static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }
    }
}
