namespace Cria.Data;

/// <summary>A fault in the user's data or files: one clear sentence with the file, the value and what to do.</summary>
public sealed class DataException : Exception
{
    const int Most = 600, Beginning = 400;

    public DataException(string message) : base(Readable(message))
    {
    }

    public DataException(string message, Exception cause) : base(Readable(message), cause)
    {
    }

    /// <summary>Messages quote what files say, at any length: one line, its middle left out where it is too long to be read.</summary>
    static string Readable(string message)
    {
        if (message.Length > Most)
        {
            // Half of a surrogate pair is no character: where a cut falls within one, the whole of it goes.
            int beginning = Beginning, end = message.Length - (Most - Beginning);
            if (char.IsHighSurrogate(message[beginning - 1]))
                beginning--;
            if (char.IsLowSurrogate(message[end]))
                end++;
            message = $"{message[..beginning]} … {message[end..]}";
        }
        return string.Create(message.Length, message, static (line, text) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
    }
}
