namespace Cria.Data.Sampling;

/// <summary>
/// A stream whose end goes on at its beginning, so that windows may begin anywhere. Where the last token closes the last
/// document and the first opens the first, both EndOfText, they are one position of the ring; the seam then is a
/// document border like any other.
/// </summary>
sealed class TokenRing
{
    public TokenRing(ITokenStream stream)
    {
        Stream = stream;
        Length = stream.Tokens - (IsClosed(stream) ? 1 : 0);
        Key = KeyedHash.OfHex(stream.ManifestHash);
    }

    public ITokenStream Stream { get; }

    /// <summary>Positions.</summary>
    public long Length { get; }

    /// <summary>What the data contributes to the key of every choice.</summary>
    public ulong Key { get; }

    /// <summary>Reads a run of inputs, and as targets the tokens one further.</summary>
    public void Read(long position, Span<int> inputs, Span<int> targets)
    {
        Read(position, inputs);
        inputs[1..].CopyTo(targets);
        Read(position + inputs.Length, targets[^1..]);
    }

    /// <summary>The set is shorter than what a reader needs at least.</summary>
    public DataException TooShort(int sequenceLength, long needed, long longest) =>
        new($"{Stream.Name} holds {Stream.Tokens} tokens; a sequence length of {sequenceLength} needs {needed}; " +
            $"give it more text or set a sequence length of {longest} or less.");

    void Read(long position, Span<int> tokens)
    {
        position %= Length;
        int before = (int)Math.Min(tokens.Length, Length - position);
        Stream.Read(position, tokens[..before]);
        if (before < tokens.Length)
            Stream.Read(0, tokens[before..]); // shorter than the ring: no sample is longer
    }

    static bool IsClosed(ITokenStream stream)
    {
        if (stream.EndOfText is not { } endOfText || stream.Tokens < 2)
            return false;
        Span<int> ends = stackalloc int[2];
        stream.Read(0, ends[..1]);
        stream.Read(stream.Tokens - 1, ends[1..]);
        return ends[0] == endOfText && ends[1] == endOfText;
    }
}
