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
        string shown = message.Length <= Most ? message : $"{message[..Beginning]} … {message[^(Most - Beginning)..]}";
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
