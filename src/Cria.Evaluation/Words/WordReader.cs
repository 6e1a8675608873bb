namespace Cria.Evaluation.Words;

/// <summary>Cuts text into words as <see cref="WordOverlap"/> defines them. Each span lives until the next
/// one.</summary>
ref struct WordReader(ReadOnlySpan<char> text)
{
    readonly ReadOnlySpan<char> _text = text;
    char[] _lower = new char[64];
    int _position;
    int _length;

    public readonly ReadOnlySpan<char> Current => _lower.AsSpan(0, _length).Trim('\'');

    public readonly WordReader GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_position < _text.Length)
        {
            _length = 0;
            bool hasLetter = false;
            for (; _position < _text.Length && IsInside(_text[_position]); _position++)
            {
                char c = _text[_position];
                hasLetter |= char.IsLetter(c);
                if (_length == _lower.Length)
                    Array.Resize(ref _lower, 2 * _length);
                _lower[_length++] = c == '’' ? '\'' : char.ToLowerInvariant(c);
            }

            if (hasLetter)
                return true;
            if (_length == 0)
                _position++;
        }

        return false;
    }

    static bool IsInside(char c) => char.IsLetter(c) || c is '\'' or '’';
}
