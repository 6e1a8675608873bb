namespace Cria.Engine.Tensors;

/// <summary>Messages for a person quote what files say, and a file may say anything at any length.</summary>
public static class Sentence
{
    const int Most = 600, Beginning = 400;

    /// <summary>In one line, its middle left out where it is too long to be read.</summary>
    public static string Of(string message)
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
