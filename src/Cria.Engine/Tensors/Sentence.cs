namespace Cria.Engine.Tensors;

/// <summary>Messages for a person quote what files say, and a file may say anything at any length.</summary>
public static class Sentence
{
    const int Most = 600, Beginning = 400;

    /// <summary>In one line, its middle left out where it is too long to be read.</summary>
    public static string Of(string message)
    {
        string shown = message.Length <= Most ? message : $"{message[..Beginning]} … {message[^(Most - Beginning)..]}";
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
