namespace Cria.Data.Shards.Foreign;

/// <summary>Nothing but ids: nanoGPT's and lilLM's <c>train.bin</c>, llm-baselines', llama2.c's.</summary>
sealed class HeaderlessFile : ITokenFileFormat
{
    public string Name => "bin";

    public bool IsFilledUp => false;

    public bool Recognises(ReadOnlySpan<byte> beginning) => true;

    public TokenFileLayout Layout(string path, ReadOnlySpan<byte> beginning, long fileLength, int bytesPerToken)
    {
        if (fileLength % bytesPerToken != 0)
        {
            throw new DataException($"{path} has {fileLength} bytes, which are no whole ids of {bytesPerToken} bytes; it is cut, " +
                "or its ids are of another size: they take two bytes up to a vocabulary of 65536 and four above.");
        }

        return new TokenFileLayout(0, fileLength / bytesPerToken, bytesPerToken);
    }

    public byte[] Header(long tokens, int bytesPerToken) => [];
}
