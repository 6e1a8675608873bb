namespace Cria.Data.Readers.Formats;

/// <summary>One field of a row: where the inside of it stands.</summary>
readonly record struct Field(int Start, int Length, bool IsQuoted, bool HasDoubledQuotes);

/// <summary>Takes a row apart, by the same rules as <see cref="RowScanner"/>.</summary>
static class RowFields
{
    /// <summary>The first fields of the first row, at most <paramref name="most"/>.</summary>
    /// <param name="bytes">Rows.</param>
    /// <param name="delimiter">Between two fields.</param>
    /// <param name="most">How many are asked for: a row of commas must not become a thousand times itself.</param>
    /// <param name="fields">Receives the fields, in place of what it holds.</param>
    /// <param name="isWellFormed">Whether nothing stands behind a closing quote.</param>
    /// <returns>The length of the row, its line end included.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, byte delimiter, int most, List<Field> fields, out bool isWellFormed)
    {
        fields.Clear();
        isWellFormed = true;
        int position = 0;
        while (true)
        {
            Field field = default;
            bool isQuoted = position < bytes.Length && bytes[position] == '"';
            if (isQuoted)
            {
                field = Quoted(bytes, position);
                position = Math.Min(field.Start + field.Length + 1, bytes.Length);
            }

            int length = bytes[position..].IndexOfAny(delimiter, (byte)'\n');
            int end = length < 0 ? bytes.Length : position + length;
            bool isLast = length < 0 || bytes[end] == '\n';
            int inside = isLast && end > position && bytes[end - 1] == '\r' ? end - 1 : end;
            if (!isQuoted)
                field = new Field(position, inside - position, false, false);
            else if (inside > position)
                isWellFormed = false;
            if (fields.Count < most)
                fields.Add(field);
            position = Math.Min(end + 1, bytes.Length);
            if (isLast)
                return position;
        }
    }

    /// <summary>The field whose opening quote stands here.</summary>
    static Field Quoted(ReadOnlySpan<byte> bytes, int quote)
    {
        int start = quote + 1;
        bool hasDoubled = false;
        for (int at = start; ; at += 2)
        {
            int next = bytes[at..].IndexOf((byte)'"');
            at = next < 0 ? bytes.Length : at + next;
            if (at + 1 >= bytes.Length || bytes[at + 1] != '"')
                return new Field(start, at - start, true, hasDoubled);
            hasDoubled = true;
        }
    }
}
