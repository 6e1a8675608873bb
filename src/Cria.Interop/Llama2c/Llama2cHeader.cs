using System.Buffers.Binary;
using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.Llama2c;

/// <summary>
/// The head of a llama2.c file: seven numbers, alone (legacy, where a negative vocabulary means a head of its own) or behind
/// the letters "ak42" and a version.
/// </summary>
/// <param name="Version">0 is legacy.</param>
/// <param name="IsTied">The head is the embedding and not in the file.</param>
sealed record Llama2cHeader(
    int Version, int Dim, int HiddenDim, int Layers, int Heads, int KeyValueHeads, int VocabSize, int Context, bool IsTied)
{
    const uint Magic = 0x616b3432;
    const int LegacyBytes = 28, Bytes = 256, Widest = 1 << 20, Longest = 1 << 24, MostLayers = 4096;

    /// <summary>llama2.c has this epsilon and this base of its positions in its code, and not in its files.</summary>
    public const float NormEps = 1e-5f;
    public const double RopeTheta = 10_000;

    /// <summary>Where the weights begin.</summary>
    public int Length => Version == 0 ? LegacyBytes : Bytes;

    public int HeadSize => Dim / Heads;

    /// <summary>What the file has in all, as the numbers say.</summary>
    public long FileBytes
    {
        get
        {
            long layer = 2L * Dim + 2L * Dim * Dim + 2L * Dim * KeyValueHeads * HeadSize + 3L * Dim * HiddenDim;
            long tables = Version == 0 ? (long)Context * (HeadSize / 2) * 2 : 0;
            return Length + sizeof(float) * (Layers * layer + Dim + (IsTied ? 1L : 2L) * VocabSize * Dim + tables);
        }
    }

    public LlamaConfig Config => new()
    {
        VocabSize = VocabSize,
        HiddenSize = Dim,
        IntermediateSize = HiddenDim,
        NumHiddenLayers = Layers,
        NumAttentionHeads = Heads,
        NumKeyValueHeads = KeyValueHeads,
        HeadDim = HeadSize,
        MaxPositionEmbeddings = Context,
        RmsNormEps = NormEps,
        RopeTheta = RopeTheta,
        TieWordEmbeddings = IsTied,
    };

    /// <summary>The head of a file; null if it cannot be one.</summary>
    public static Llama2cHeader? Read(string path)
    {
        Span<byte> head = stackalloc byte[Bytes];
        using var file = File.OpenHandle(path);
        head = head[..RandomAccess.Read(file, head, 0)];
        if (head.Length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic)
            return head.Length < Bytes ? null : Of(head[8..], BinaryPrimitives.ReadInt32LittleEndian(head[4..]));
        return head.Length < LegacyBytes ? null : Of(head, 0);
    }

    /// <summary>The head that a model has.</summary>
    /// <exception cref="CheckpointException">llama2.c cannot run it.</exception>
    public static Llama2cHeader Of(ModelConfig config, int version)
    {
        if (config is not LlamaConfig llama)
            throw new CheckpointException($"llama2.c runs Llamas, and this is a {config.ModelType}; export it to gguf or hf.");
        if (llama.RmsNormEps != NormEps || llama.RopeTheta != RopeTheta)
            throw new CheckpointException($"llama2.c has rms_norm_eps {NormEps} and rope_theta {RopeTheta} in its code, and the model has {llama.RmsNormEps} and {llama.RopeTheta}; export it to gguf or hf.");
        if (llama.HeadSize * llama.NumAttentionHeads != llama.HiddenSize)
            throw new CheckpointException($"llama2.c divides hidden_size {llama.HiddenSize} among {llama.NumAttentionHeads} heads, and the model's have {llama.HeadSize}; export it to gguf or hf.");
        return new(version, llama.HiddenSize, llama.IntermediateSize, llama.NumHiddenLayers, llama.NumAttentionHeads,
            llama.KeyValueHeads, llama.VocabSize, llama.MaxPositionEmbeddings, llama.TieWordEmbeddings);
    }

    /// <summary>The bytes before the weights.</summary>
    public byte[] Written()
    {
        byte[] head = new byte[Length];
        var numbers = head.AsSpan(Version == 0 ? 0 : 8);
        int i = 0;
        int vocabSize = Version == 0 && !IsTied ? -VocabSize : VocabSize;
        foreach (int number in (int[])[Dim, HiddenDim, Layers, Heads, KeyValueHeads, vocabSize, Context])
            BinaryPrimitives.WriteInt32LittleEndian(numbers[(sizeof(int) * i++)..], number);
        if (Version == 0)
            return head;
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), Version);
        numbers[sizeof(int) * i] = IsTied ? (byte)1 : (byte)0;
        return head;
    }

    static Llama2cHeader? Of(ReadOnlySpan<byte> numbers, int version)
    {
        int[] n = new int[7];
        for (int i = 0; i < n.Length; i++)
            n[i] = BinaryPrimitives.ReadInt32LittleEndian(numbers[(sizeof(int) * i)..]);
        if (version == 0 && n[5] == int.MinValue)
            return null;
        bool isTied = version == 0 ? n[5] > 0 : numbers[sizeof(int) * n.Length] != 0;
        n[5] = version == 0 ? Math.Abs(n[5]) : n[5];
        bool canBe = n.All(size => size is > 0 and <= Longest) && n[0] <= Widest && n[1] <= Widest && n[2] <= MostLayers
            && n[0] % n[3] == 0 && n[3] % n[4] == 0;
        return canBe || version != 0 ? new(version, n[0], n[1], n[2], n[3], n[4], n[5], n[6], isTied) { CanBe = canBe } : null;
    }

    /// <summary>The sizes fit each other; a head with the letters may still lie.</summary>
    public bool CanBe { get; private init; } = true;
}
