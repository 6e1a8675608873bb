namespace Cria.Data.Readers.Formats;

/// <summary>
/// Finds where rows end, which only the quotes before tell: so it goes over the bytes once and remembers where it
/// stands when they end.
/// </summary>
sealed class RowScanner(byte delimiter)
{
    At _at = At.FieldStart;
    int _position;
    int _quote;

    enum At
    {
        FieldStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }

    /// <summary>Where in the bytes last seen the quote stands that is open at their end; null if none is.</summary>
    public int? OpenQuote => _at == At.Quoted ? _quote : null;

    /// <summary>Where the last whole row ends, 0 if none does. What is handed in begins where the last answer ended.</summary>
    public int WholeRows(ReadOnlySpan<byte> bytes)
    {
        int rows = 0;
        while (_position < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[_position..];
            switch (_at)
            {
                case At.FieldStart when rest[0] == '"':
                    (_at, _quote) = (At.Quoted, _position++);
                    break;

                case At.QuoteInQuoted when rest[0] == '"':
                    _at = At.Quoted;
                    _position++;
                    break;

                case At.Quoted:
                    int quote = rest.IndexOf((byte)'"');
                    _at = quote < 0 ? At.Quoted : At.QuoteInQuoted;
                    _position += quote < 0 ? rest.Length : quote + 1;
                    break;

                default:
                    int end = rest.IndexOfAny(delimiter, (byte)'\n');
                    _at = end < 0 ? At.Plain : At.FieldStart;
                    _position += end < 0 ? rest.Length : end + 1;
                    if (end >= 0 && rest[end] == '\n')
                        rows = _position;
                    break;
            }
        }

        _position -= rows;
        _quote -= rows;
        return rows;
    }
}
