namespace Cria.Data.Cleaning;

/// <summary>The words of a text as filters count them: runs of characters that are no white space.</summary>
ref struct TextWords(ReadOnlySpan<char> text)
{
    readonly ReadOnlySpan<char> _text = text;
    int _next;

    public Range Current { get; private set; }

    public readonly TextWords GetEnumerator() => this;

    public bool MoveNext()
    {
        int start = _next;
        while (start < _text.Length && char.IsWhiteSpace(_text[start]))
            start++;
        if (start == _text.Length)
            return false;
        int end = start + 1;
        while (end < _text.Length && !char.IsWhiteSpace(_text[end]))
            end++;
        (_next, Current) = (end, start..end);
        return true;
    }
}
