namespace Cria.Data.Tokenizers.Models;

/// <summary>A vocabulary and the rule by which a word becomes its tokens.</summary>
public interface ITokenModel
{
    /// <summary>The tokens by id as the file writes them; empty where there is none.</summary>
    IReadOnlyList<string> Tokens { get; }

    /// <summary>Ids of special tokens: no text becomes one of them, even if it reads like its name.</summary>
    IReadOnlySet<int> Marks { get; }

    /// <summary>A segmenter for one thread; words of text go in, one at a time.</summary>
    ISegmenter NewSegmenter();
}
