using System.Text;

namespace Cria.Data.Tokenizers;

/// <summary>Two neighbouring tokens become one. The earlier a merge stands in the list, the sooner it acts.</summary>
public readonly record struct BpeMerge(int Left, int Right, int Result);

/// <summary>All that decides the ids of a byte-level BPE tokenizer. <see cref="BpeTokenizer"/> checks it.</summary>
public sealed record BpeModel
{
    public const string EndOfText = "<|endoftext|>";

    /// <summary>The bytes of every token by id; a special token's are the UTF-8 of its name.</summary>
    public required IReadOnlyList<byte[]> Tokens { get; init; }

    /// <summary>In the order of their ranks.</summary>
    public required IReadOnlyList<BpeMerge> Merges { get; init; }

    /// <summary>Ids of the special tokens, ascending.</summary>
    public required IReadOnlyList<int> SpecialIds { get; init; }

    public IWordSplitter Splitter { get; init; } = Gpt2Splitter.Instance;

    /// <summary>Whether a text that does not begin with a space is encoded as if it did.</summary>
    public bool AddPrefixSpace { get; init; }

    /// <summary>Whether a word that is itself a token becomes that token before any merge is tried (Llama 3).</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>The id of a special token by name; null if there is none.</summary>
    public int? SpecialId(string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        foreach (int id in SpecialIds)
            if (Tokens[id].AsSpan().SequenceEqual(utf8))
                return id;
        return null;
    }
}
