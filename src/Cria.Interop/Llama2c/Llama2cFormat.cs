using System.Runtime.InteropServices;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.SentencePiece;
using Cria.Models;

namespace Cria.Interop.Llama2c;

/// <summary>
/// The file that Karpathy's llama2.c runs: a head of sizes and the weights of a Llama in F32. Its tokenizer.bin is written beside
/// it where the tokenizer is of the one kind that llama2.c has, SentencePiece's BPE.
/// </summary>
public sealed class Llama2cFormat : ICheckpointFormat
{
    const string Version1 = "f32-v1";

    Llama2cFormat()
    {
    }

    public static Llama2cFormat Instance { get; } = new();

    public string Name => "llama2c";

    public string Description => "a llama2.c file";

    /// <summary>The first is legacy, which run.c reads; the other is version 1.</summary>
    public IReadOnlyList<string> Types { get; } = ["f32", Version1];

    /// <summary>By its letters; legacy files have none, so by sizes that fit each other, and the file's length or ending.</summary>
    public bool Recognizes(string path) => File.Exists(path) && Llama2cHeader.Read(path) is { } header
        && (header.Version != 0 || header.FileBytes == new FileInfo(path).Length || Path.GetExtension(path) == ".bin");

    public Checkpoint Open(string path) => new Llama2cCheckpoint(path);

    public void Write(string path, ILanguageModel model, CheckpointContents contents, WriteOptions options)
    {
        var header = Llama2cHeader.Of(model.Config, options.Type == Version1 ? 1 : 0);
        byte[]? tokenizer = contents.Tokenizer switch
        {
            SentencePieceTokenizer pieces => Llama2cTokenizer.Written(pieces.Model, header.VocabSize),
            ComposedTokenizer composed when ComposedPieces.Find(composed.Model) is { } pieces =>
                Llama2cTokenizer.Written(pieces, header.VocabSize),
            _ => null, // llama2.c has no other kind; the weights are of use to programs that do
        };
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Llama2cTokenizer.FileName);
        bool isThere = File.Exists(beside);
        if (tokenizer is not null && isThere && !File.ReadAllBytes(beside).AsSpan().SequenceEqual(tokenizer))
            throw new CheckpointException($"{beside} is the tokenizer of another model and is not overwritten; export into another folder.");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        file.Write(header.Written());
        var stream = new WeightStream(options.Written, options.Cancellation);
        foreach (var tensor in Llama2cLayout.Of(header, model))
        {
            if (tensor is not null)
                stream.Save(tensor, numbers => file.Write(MemoryMarshal.AsBytes(numbers)));
            else
                WriteTables(file, header);
        }
        file.Flush(flushToDisk: true);
        if (tokenizer is not null && !isThere)
            WholePath.Write(beside, temporary => File.WriteAllBytes(temporary, tokenizer));
    }

    /// <summary>Cosines, then sines, of every position and pair; run.c passes over them and computes its own.</summary>
    static void WriteTables(Stream file, Llama2cHeader header)
    {
        float[] row = new float[header.HeadSize / 2];
        foreach (var wave in (Func<float, float>[])[MathF.Cos, MathF.Sin])
            for (int position = 0; position < header.Context; position++)
            {
                for (int pair = 0; pair < row.Length; pair++)
                    row[pair] = wave(position / MathF.Pow((float)Llama2cHeader.RopeTheta, 2f * pair / header.HeadSize));
                file.Write(MemoryMarshal.AsBytes<float>(row));
            }
    }
}
