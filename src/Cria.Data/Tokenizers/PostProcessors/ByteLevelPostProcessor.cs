namespace Cria.Data.Tokenizers.PostProcessors;

/// <summary>Changes only where tokens are said to begin in the text, which is not asked here: it adds nothing.</summary>
public sealed record ByteLevelPostProcessor(bool AddPrefixSpace, bool TrimOffsets, bool UsesWords) : IPostProcessor
{
    public IReadOnlyList<int> Before => [];

    public IReadOnlyList<int> After => [];
}
