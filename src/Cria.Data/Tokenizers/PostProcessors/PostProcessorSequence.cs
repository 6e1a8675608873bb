namespace Cria.Data.Tokenizers.PostProcessors;

/// <summary>One after the other, so that the last stands outermost.</summary>
public sealed record PostProcessorSequence(IReadOnlyList<IPostProcessor> Parts) : IPostProcessor
{
    public IReadOnlyList<int> Before => [.. Parts.Reverse().SelectMany(part => part.Before)];

    public IReadOnlyList<int> After => [.. Parts.SelectMany(part => part.After)];
}
