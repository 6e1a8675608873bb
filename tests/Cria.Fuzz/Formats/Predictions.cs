using System.Buffers.Binary;
using System.Security.Cryptography;
using Cria.Data.Predictions;

namespace Cria.Fuzz.Formats;

/// <summary>What teachers said. Half of the lies are made to agree with the hash that would give them away.</summary>
sealed class Predictions(string name, TokenChoice choice) : IFormat
{
    const int Prefix = 16, Vocabulary = 50, Rows = 8, Windows = 6, End = 52, EndHash = 12, Head = 20, Entry = 12;

    public string Name => name;

    public string Make(string folder)
    {
        string path = Path.Combine(folder, "predictions");
        PredictionHeader header = new()
        {
            DataSha256 = new string('d', 64),
            TokenizerSha256 = new string('7', 64),
            VocabSize = Vocabulary,
            SequenceLength = Rows,
            Windows = Windows,
            DocumentMasks = true,
            Temperature = 2,
            Average = "logits",
            Teachers = [new("one", new string('1', 64), 1)],
            Choice = choice,
            IsHalf = true,
        };
        Random random = new(1);
        using PredictionWriter writer = new(path, header);
        for (int window = 0; window < Windows; window++)
        {
            var p = new float[Rows * Vocabulary];
            foreach (ref float x in p.AsSpan())
                x = (float)(2 * random.NextDouble() / Vocabulary);
            writer.Add(p, threads: 1);
        }
        writer.Complete();
        return path;
    }

    public byte[] Lie(Random random, byte[] good)
    {
        int json = BinaryPrimitives.ReadInt32LittleEndian(good.AsSpan(12));
        byte[] bytes;
        switch (random.Next(4))
        {
            case 0:
                bytes = Lies.At(random, good, 8 + 4 * random.Next(2), 4);
                break;
            case 1: // another header, of which the end knows
                byte[] header = JsonLies.Lie(random, good.AsSpan(Prefix, json));
                bytes = [.. good.AsSpan(0, Prefix), .. header, .. good.AsSpan(Prefix + json)];
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), header.Length);
                long index = BinaryPrimitives.ReadInt64LittleEndian(good.AsSpan(good.Length - End)) + header.Length - json;
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(bytes.Length - End), index);
                json = header.Length;
                break;
            case 2: // a window's head
                bytes = Lies.At(random, good, Prefix + json + 4 * random.Next(Head / 4), 4);
                break;
            default: // index or end
                int end = good.Length - End;
                bytes = random.Next(2) == 0
                    ? Lies.At(random, good, end, 8)
                    : Lies.At(random, good, end - Entry * (1 + random.Next(Windows)), 4);
                break;
        }
        if (random.Next(2) == 0)
            Agree(bytes, json);
        return bytes;
    }

    public void Read(string path, MeteredDevice device)
    {
        using PredictionFile file = PredictionFile.Open(path);
        if (file.Header.SequenceLength != Rows || file.Header.VocabSize != Vocabulary || file.Header.Windows > Windows)
            return; // no recipe asks for it
        KeptPredictions kept = new(Rows, file.Most);
        for (int window = 0; window < file.Header.Windows; window++)
            file.Read(window, kept);
    }

    // The hash of beginning, index and the most kept tokens, as the writer takes it.
    static void Agree(byte[] bytes, int json)
    {
        int end = bytes.Length - End, index = end - Entry * Windows;
        if (index < Prefix + json)
            return;
        byte[] hashed = [.. bytes.AsSpan(0, Prefix + json), .. bytes.AsSpan(index, end - index), .. bytes.AsSpan(end + 8, 4)];
        SHA256.HashData(hashed).CopyTo(bytes, end + EndHash);
    }
}
