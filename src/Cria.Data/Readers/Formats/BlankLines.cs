namespace Cria.Data.Readers.Formats;

/// <summary>Every paragraph is a document: between them stand lines without text.</summary>
sealed class BlankLines : ISeparator
{
    public string Words => "blank lines";

    public int LastEnd(ReadOnlySpan<byte> bytes, int from)
    {
        int end = bytes[from..].LastIndexOf((byte)'\n');
        while (end >= 0)
        {
            int begin = bytes.Slice(from, end).LastIndexOf((byte)'\n') + 1;
            if (IsBlank(bytes[(from + begin)..(from + end)]))
                return from + end + 1;
            end = begin - 1;
        }

        return 0;
    }

    public (int End, int Next) Next(ReadOnlySpan<byte> bytes, int start)
    {
        for (int line = start; line < bytes.Length;)
        {
            int length = bytes[line..].IndexOf((byte)'\n');
            int next = length < 0 ? bytes.Length : line + length + 1;
            if (IsBlank(bytes[line..next]))
                return (line, next);
            line = next;
        }

        return (bytes.Length, bytes.Length);
    }

    static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r\n"u8).IsEmpty;
}
