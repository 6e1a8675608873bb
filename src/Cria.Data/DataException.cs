namespace Cria.Data;

/// <summary>A fault in the user's data or files: one clear sentence with the file, the value and what to do.</summary>
public sealed class DataException : Exception
{
    public DataException(string message) : base(message)
    {
    }

    public DataException(string message, Exception cause) : base(message, cause)
    {
    }
}
