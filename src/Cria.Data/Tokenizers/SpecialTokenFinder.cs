using System.Buffers;

namespace Cria.Data.Tokenizers;

/// <summary>Finds the names of special tokens in text: the leftmost, and of several at one place the longest.</summary>
sealed class SpecialTokenFinder
{
    readonly SearchValues<byte> _firstBytes;
    readonly (byte[] Name, int Id)[] _longestFirst;

    public SpecialTokenFinder(BpeModel model)
    {
        _longestFirst =
            [.. model.SpecialIds.Select(id => (model.Tokens[id], id)).OrderByDescending(t => t.Item1.Length)];
        _firstBytes = SearchValues.Create([.. _longestFirst.Select(t => t.Name[0]).Distinct()]);
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
            foreach ((byte[] name, int id) in _longestFirst)
                if (text[i..].StartsWith(name))
                    return (i, name.Length, id);
        }
        return (text.Length, 0, -1);
    }
}
