using System.Buffers;
using System.Text;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tokenizers.Composition;

/// <summary>Cuts added tokens out of text: the leftmost first, and of several at one place the longest.</summary>
sealed class AddedTokenFinder
{
    readonly IReadOnlyList<AddedToken> _tokens;
    readonly ByteTrie _names;
    readonly SearchValues<byte> _firstBytes;

    public AddedTokenFinder(IEnumerable<(string Name, AddedToken Token)> tokens)
    {
        (string Name, AddedToken Token)[] named = [.. tokens.Where(token => token.Name.Length > 0)];
        _tokens = [.. named.Select(token => token.Token)];
        (byte[] Key, int Value)[] entries = [.. named.Select((token, place) => (Encoding.UTF8.GetBytes(token.Name), place))];
        _names = new ByteTrie(entries);
        _firstBytes = SearchValues.Create([.. entries.Select(entry => entry.Key[0]).Distinct()]);
    }

    public bool IsEmpty => _tokens.Count == 0;

    /// <summary>The text as stretches: each an added token, or (id −1) ordinary text that is not empty.</summary>
    public List<Stretch> Cut(ReadOnlySpan<byte> text)
    {
        List<Stretch> stretches = [];
        int done = 0;
        for (int i = 0; i < text.Length;)
        {
            int skipped = text[i..].IndexOfAny(_firstBytes);
            if (skipped < 0)
                break;
            i += skipped;
            (int length, int place) = _names.LongestPrefix(text[i..]);
            if (length == 0)
            {
                i++;
                continue;
            }
            AddedToken token = _tokens[place];
            int start = i;
            i += length;
            if (start < done || (token.IsSingleWord && !IsAlone(text, start, i)))
                continue;
            if (token.StripsLeft)
                start -= SpaceBefore(text[done..start]);
            int end = token.StripsRight ? SpaceAfter(text, i) : i;
            if (start > done)
                stretches.Add(new Stretch(done, start, -1));
            stretches.Add(new Stretch(start, end, token.Id));
            done = end;
        }
        if (done < text.Length)
            stretches.Add(new Stretch(done, text.Length, -1));
        return stretches;
    }

    static bool IsAlone(ReadOnlySpan<byte> text, int start, int end)
    {
        bool isAfterWord = Rune.DecodeLastFromUtf8(text[..start], out Rune before, out _) == OperationStatus.Done
            && WordPreTokenizer.IsWord(before);
        return !isAfterWord && !(Rune.DecodeFromUtf8(text[end..], out Rune after, out _) == OperationStatus.Done
            && WordPreTokenizer.IsWord(after));
    }

    /// <summary>How many bytes of white space the text ends with.</summary>
    static int SpaceBefore(ReadOnlySpan<byte> text)
    {
        int start = text.Length;
        while (Rune.DecodeLastFromUtf8(text[..start], out Rune rune, out int length) == OperationStatus.Done
            && Rune.IsWhiteSpace(rune))
            start -= length;
        return text.Length - start;
    }

    static int SpaceAfter(ReadOnlySpan<byte> text, int end)
    {
        while (Rune.DecodeFromUtf8(text[end..], out Rune rune, out int length) == OperationStatus.Done
            && Rune.IsWhiteSpace(rune))
            end += length;
        return end;
    }
}

/// <summary>A stretch of bytes: an added token, or ordinary text with the id −1.</summary>
readonly record struct Stretch(int Start, int End, int Id);
