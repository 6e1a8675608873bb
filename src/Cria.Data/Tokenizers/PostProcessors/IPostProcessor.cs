namespace Cria.Data.Tokenizers.PostProcessors;

/// <summary>The special tokens that a file puts around one text where its user asks for them.</summary>
public interface IPostProcessor
{
    IReadOnlyList<int> Before { get; }

    IReadOnlyList<int> After { get; }
}
