namespace Cria.Data.Tokenizers;

/// <summary>The expressions that have a splitter of their own.</summary>
public static class KnownSplitters
{
    /// <summary>The splitter that equals the expression; null if none does.</summary>
    public static IWordSplitter? Find(string pattern)
    {
        foreach (IWordSplitter known in (ReadOnlySpan<IWordSplitter>)[Gpt2Splitter.Instance, Llama3Splitter.Instance, Llama3Splitter.Qwen2])
            if (known.Pattern == pattern)
                return known;
        return null;
    }
}
