namespace Cria.Data.Predictions;

/// <summary>
/// What a file of predictions says of itself: of which windows of which data, by whom, and what is kept of them. Two files with one header
/// hold the same.
/// </summary>
public sealed record PredictionHeader
{
    /// <summary>The most rows of a window, and the most tokens that may be kept of a whole window.</summary>
    const int MostRows = 1 << 20, MostKept = 1 << 26;

    const long MostWindows = 1L << 40;

    /// <summary>The data's manifest hash: 64 lower-case hexadecimal digits.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>The tokenizer of data and teachers, likewise.</summary>
    public required string TokenizerSha256 { get; init; }

    /// <summary>Tokens that are predicted.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Rows of a window (T): window w predicts from each of the tokens [w · T, (w + 1) · T) of the data.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>How many there are.</summary>
    public required long Windows { get; init; }

    /// <summary>How many were drawn of all that the data has, and are there by their places in that draw; 0 where all are there.</summary>
    public int Subset { get; init; }

    /// <summary>Which a subset has.</summary>
    public ulong SubsetSeed { get; init; }

    /// <summary>Whether a teacher saw no other document, with positions counted from the document's beginning.</summary>
    public required bool DocumentMasks { get; init; }

    /// <summary>By which the teachers' logits were divided.</summary>
    public required float Temperature { get; init; }

    /// <summary>Of what several teachers' mean was taken: <c>logits</c> or <c>probabilities</c>.</summary>
    public required string Average { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<PredictionTeacher> Teachers { get; init; }

    /// <summary>Which tokens are kept.</summary>
    public required TokenChoice Choice { get; init; }

    /// <summary>Whether logarithms are kept in 16 bits, which rounds a probability by 0.00018 at most (2⁻¹¹ / e); else in 32.</summary>
    public required bool IsHalf { get; init; }

    /// <summary>All predicted tokens.</summary>
    public long Rows => Windows * SequenceLength;

    internal int LogBytes => IsHalf ? 2 : 4;

    /// <summary>The most bytes of a window before they are packed.</summary>
    internal long MostBytes => SequenceLength * (4L + 5 + (long)Choice.Most * (5 + 5 + LogBytes));

    /// <summary>What is wrong with it, in words that follow the file's name; null if nothing is.</summary>
    public string? Fault()
    {
        if (VocabSize is < 1 or > 1 << 24)
            return $"speaks of {VocabSize:N0} tokens; a vocabulary has 1 to {1 << 24:N0}.";
        if (SequenceLength is < 1 or > MostRows)
            return $"has windows of {SequenceLength:N0} tokens; they have 1 to {MostRows:N0}.";
        if (Windows is < 1 or > MostWindows)
            return $"has {Windows:N0} windows; it has 1 to {MostWindows:N0}.";
        if (Subset != 0 && Subset != Windows)
            return $"has {Windows:N0} windows and a subset of {Subset:N0}.";
        if (!(Temperature > 0 && float.IsFinite(Temperature)))
            return $"has a temperature of {Temperature}, which is not above 0.";
        if (Average is not ("logits" or "probabilities"))
            return $"averages '{Average}'; there are logits and probabilities.";
        if (Teachers.Count == 0 || Teachers.Any(teacher => !(teacher.Weight > 0 && double.IsFinite(teacher.Weight))))
            return "needs teachers, each with a weight above 0.";
        if (Choice.Fault(VocabSize) is { } fault)
            return $"cannot be: {fault}";
        return (long)SequenceLength * Choice.Most > MostKept
            ? $"keeps {Choice.Most:N0} tokens of each of {SequenceLength:N0}; a window keeps {MostKept:N0} at most, so keep {MostKept / SequenceLength:N0} of each."
            : null;
    }

    /// <summary>Names in words what differs in another one, for whoever wants to go on with its file; null if nothing does.</summary>
    public string? DifferenceFrom(PredictionHeader other)
    {
        if (DataSha256 != other.DataSha256)
            return "other data";
        if (TokenizerSha256 != other.TokenizerSha256 || VocabSize != other.VocabSize)
            return "another tokenizer";
        if (SequenceLength != other.SequenceLength)
            return $"windows of {other.SequenceLength:N0} tokens";
        if (Subset != other.Subset || SubsetSeed != other.SubsetSeed)
            return other.Subset == 0 ? "all windows" : $"{other.Subset:N0} windows drawn with seed {other.SubsetSeed}";
        if (DocumentMasks != other.DocumentMasks)
            return other.DocumentMasks ? "teachers that see only one document" : "teachers that see beyond a document";
        if (!Teachers.SequenceEqual(other.Teachers))
            return "other teachers or weights";
        if (Average != other.Average)
            return $"the mean of {other.Average}";
        if (Temperature != other.Temperature)
            return FormattableString.Invariant($"a temperature of {other.Temperature}");
        if (Choice != other.Choice)
            return other.Choice.Words;
        return IsHalf != other.IsHalf ? $"numbers of {8 * other.LogBytes} bits" : null;
    }
}

/// <summary>A model that predicted.</summary>
/// <param name="Name">Of its folder or file; what it was called says nothing of what it says.</param>
/// <param name="Sha256">Of its weights.</param>
/// <param name="Weight">In the mean.</param>
public sealed record PredictionTeacher(string Name, string Sha256, double Weight)
{
    /// <summary>The same weights that count the same, whatever they are called.</summary>
    public bool Equals(PredictionTeacher? other) => other is not null && Sha256 == other.Sha256 && Weight == other.Weight;

    public override int GetHashCode() => HashCode.Combine(Sha256, Weight);
}
