using System.Buffers.Binary;
using System.Text;

namespace Cria.Tests;

/// <summary>
/// A second reader of TensorBoard event files, written from the format and not from the writer: records with their
/// checksums (CRC-32C bit by bit), protocol buffers as lists of fields.
/// </summary>
static class EventFile
{
    /// <param name="Values">Scalars by their tags.</param>
    /// <param name="Texts">Texts by their tags.</param>
    /// <param name="IsStart">A session starts here, and what later steps said before is void.</param>
    public sealed record Event(double WallTime, long Step, string Version, IReadOnlyDictionary<string, float> Values,
        IReadOnlyDictionary<string, string> Texts, bool IsStart);

    /// <summary>Every whole record; the tail that is not whole is passed over, as TensorBoard does.</summary>
    /// <exception cref="InvalidDataException">A checksum does not hold.</exception>
    public static List<Event> Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        List<Event> events = [];
        for (int at = 0; at + 16 <= bytes.Length;)
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Check(bytes.AsSpan(at, 8), bytes.AsSpan(at + 8, 4));
            if (length > (ulong)(bytes.Length - at - 16))
                break;
            byte[] record = bytes[(at + 12)..(at + 12 + (int)length)];
            Check(record, bytes.AsSpan(at + 12 + (int)length, 4));
            events.Add(Parse(record));
            at += 16 + (int)length;
        }
        return events;
    }

    static void Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        crc ^= 0xFFFFFFFF;
        uint masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8;
        if (masked != BinaryPrimitives.ReadUInt32LittleEndian(stored))
            throw new InvalidDataException("a checksum does not hold");
    }

    static Event Parse(byte[] record)
    {
        double time = 0;
        long step = 0;
        string version = "";
        bool isStart = false;
        Dictionary<string, float> values = [];
        Dictionary<string, string> texts = [];
        foreach (var (number, value) in Fields(record))
        {
            switch (number)
            {
                case 1: time = BitConverter.ToDouble(value); break;
                case 2: step = BitConverter.ToInt64(value); break;
                case 3: version = Encoding.UTF8.GetString(value); break;
                case 5: Summary(value, values, texts); break;
                case 7: isStart = Fields(value).Any(field => field.Number == 1 && BitConverter.ToInt64(field.Value) == 1); break;
                default: throw new InvalidDataException($"an event has a field {number}");
            }
        }
        return new(time, step, version, values, texts, isStart);
    }

    static void Summary(byte[] summary, Dictionary<string, float> values, Dictionary<string, string> texts)
    {
        foreach (var (_, value) in Fields(summary))
        {
            var fields = Fields(value).ToDictionary(field => field.Number, field => field.Value);
            string tag = Encoding.UTF8.GetString(fields[1]);
            if (fields.TryGetValue(2, out byte[]? scalar))
            {
                values.Add(tag, BitConverter.ToSingle(scalar));
                continue;
            }
            var metadata = Fields(fields[9]).Single(field => field.Number == 1).Value;
            if (Encoding.UTF8.GetString(Fields(metadata).Single(field => field.Number == 1).Value) != "text")
                throw new InvalidDataException($"{tag} is neither a number nor a text");
            var tensor = Fields(fields[8]).ToDictionary(field => field.Number, field => field.Value);
            if (BitConverter.ToInt64(tensor[1]) != 7) // DT_STRING
                throw new InvalidDataException($"the tensor of {tag} is not of strings");
            texts.Add(tag, Encoding.UTF8.GetString(tensor[8]));
        }
    }

    // Whole numbers as eight bytes, whatever they took.
    static List<(int Number, byte[] Value)> Fields(byte[] message)
    {
        List<(int, byte[])> fields = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint();
            int length = (key & 7) switch { 0 => 0, 1 => 8, 2 => (int)Varint(), 5 => 4, _ => throw new InvalidDataException($"wire type {key & 7}") };
            if ((key & 7) == 0)
                fields.Add(((int)(key >> 3), BitConverter.GetBytes(Varint())));
            else
                fields.Add(((int)(key >> 3), message[at..(at += length)]));
        }
        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}
