namespace Cria.Interop.Gguf;

/// <summary>How a file keeps numbers: in blocks of so many, each of so many bytes. The ids and sizes are ggml's.</summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Name">As ggml spells it.</param>
/// <param name="BlockLength">Numbers of a block; rows are whole blocks.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
public sealed record GgufTensorType(uint Id, string Name, int BlockLength, int BlockBytes)
{
    public static readonly GgufTensorType F32 = new(0, "F32", 1, 4);
    public static readonly GgufTensorType F16 = new(1, "F16", 1, 2);
    public static readonly GgufTensorType Q4 = new(2, "Q4_0", 32, 18);
    public static readonly GgufTensorType Q8 = new(8, "Q8_0", 32, 34);
    public static readonly GgufTensorType F64 = new(28, "F64", 1, 8);
    public static readonly GgufTensorType BF16 = new(30, "BF16", 1, 2);

    /// <summary>Those that are only known by name and size: a file that has one is refused by its name.</summary>
    static readonly GgufTensorType[] Others =
    [
        new(3, "Q4_1", 32, 20), new(6, "Q5_0", 32, 22), new(7, "Q5_1", 32, 24), new(9, "Q8_1", 32, 36),
        new(10, "Q2_K", 256, 84), new(11, "Q3_K", 256, 110), new(12, "Q4_K", 256, 144), new(13, "Q5_K", 256, 176),
        new(14, "Q6_K", 256, 210), new(15, "Q8_K", 256, 292), new(16, "IQ2_XXS", 256, 66), new(17, "IQ2_XS", 256, 74),
        new(18, "IQ3_XXS", 256, 98), new(19, "IQ1_S", 256, 50), new(20, "IQ4_NL", 32, 18), new(21, "IQ3_S", 256, 110),
        new(22, "IQ2_S", 256, 82), new(23, "IQ4_XS", 256, 136), new(24, "I8", 1, 1), new(25, "I16", 1, 2), new(26, "I32", 1, 4),
        new(27, "I64", 1, 8), new(29, "IQ1_M", 256, 56), new(34, "TQ1_0", 256, 54), new(35, "TQ2_0", 256, 66), new(39, "MXFP4", 32, 17),
    ];

    /// <summary>Those whose numbers can be read.</summary>
    public static IReadOnlyList<GgufTensorType> Readable { get; } = [F32, F16, BF16, F64, Q8, Q4];

    static readonly Dictionary<uint, GgufTensorType> ById = Readable.Concat(Others).ToDictionary(type => type.Id);

    /// <summary>The type of a number in a file; null where there is none.</summary>
    public static GgufTensorType? Find(uint id) => ById.GetValueOrDefault(id);

    public override string ToString() => Name;
}
