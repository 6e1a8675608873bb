namespace Cria.Data.Readers.Formats;

/// <summary>Every line is a document.</summary>
sealed class EveryLine : ISeparator
{
    public string Words => "line ends";

    public int LastEnd(ReadOnlySpan<byte> bytes, int from)
    {
        int end = bytes[from..].LastIndexOf((byte)'\n');
        return end < 0 ? 0 : from + end + 1;
    }

    public (int End, int Next) Next(ReadOnlySpan<byte> bytes, int start)
    {
        int length = bytes[start..].IndexOf((byte)'\n');
        int end = length < 0 ? bytes.Length : start + length + 1;
        return (end, end);
    }
}
