using System.Text;

namespace Cria.Data.Readers.Formats;

/// <summary>Documents stand between lines that hold one word and nothing else but spaces behind it.</summary>
sealed class SeparatorLine : ISeparator
{
    readonly byte[] _word;

    public SeparatorLine(string word)
    {
        if (word.Length == 0 || word.AsSpan().ContainsAny('\n', '\r'))
            throw new DataException($"The separator \"{word}\" is no line; give a word such as {Document.Separator}.");
        _word = Encoding.UTF8.GetBytes(word);
        Words = $"lines of {word}";
    }

    public string Words { get; }

    public int LastEnd(ReadOnlySpan<byte> bytes, int from)
    {
        for (int end = bytes.Length; ;)
        {
            int at = bytes[from..end].LastIndexOf(_word);
            if (at < 0)
                return 0;
            // A line that does not end in these bytes may go on.
            if (LineEnd(bytes, from + at) is { } next && bytes[next - 1] == '\n')
                return next;
            end = from + at + _word.Length - 1;
        }
    }

    public (int End, int Next) Next(ReadOnlySpan<byte> bytes, int start)
    {
        for (int from = start; ;)
        {
            int at = bytes[from..].IndexOf(_word);
            if (at < 0)
                return (bytes.Length, bytes.Length);
            at += from;
            if (LineEnd(bytes, at) is { } next)
                return (at, next);
            from = at + 1;
        }
    }

    /// <summary>Where the separator line at this place ends, its line end included; null where it is none.</summary>
    int? LineEnd(ReadOnlySpan<byte> bytes, int at)
    {
        if (at > 0 && bytes[at - 1] != '\n')
            return null;
        int end = at + _word.Length;
        while (end < bytes.Length && bytes[end] == ' ')
            end++;
        if (end == bytes.Length)
            return end;
        if (bytes[end] == '\r' && (end + 1 == bytes.Length || bytes[end + 1] == '\n'))
            end++;
        return end == bytes.Length ? end : bytes[end] == '\n' ? end + 1 : null;
    }
}
