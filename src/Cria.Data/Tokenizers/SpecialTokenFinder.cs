using System.Buffers;

namespace Cria.Data.Tokenizers;

/// <summary>Finds the names of special tokens in text: the leftmost, and of several at one place the longest.</summary>
sealed class SpecialTokenFinder
{
    readonly SearchValues<byte> _firstBytes;
    readonly ByteTrie _names;

    public SpecialTokenFinder(BpeModel model) : this(model.SpecialIds.Select(id => (model.Tokens[id], id)))
    {
    }

    public SpecialTokenFinder(IEnumerable<(byte[] Name, int Id)> tokens)
    {
        (byte[] Name, int Id)[] named = [.. tokens];
        _names = new ByteTrie(named);
        _firstBytes = SearchValues.Create([.. named.Select(token => token.Name[0]).Distinct()]);
    }

    /// <summary>Where the first special token stands, its length and its id; (text length, 0, −1) if none.</summary>
    public (int Start, int Length, int Id) First(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int skipped = text[i..].IndexOfAny(_firstBytes);
            if (skipped < 0)
                break;
            i += skipped;
            if (_names.LongestPrefix(text[i..]) is { Length: > 0 } found)
                return (i, found.Length, found.Value);
        }
        return (text.Length, 0, -1);
    }
}
