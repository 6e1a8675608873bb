using System.Collections.Frozen;
using System.Text;

namespace Cria.Data.Tokenizers.Models;

/// <summary>BERT's rule: the longest token that begins the word, then the longest that continues it, and so on.</summary>
public sealed class WordPieceModel : ITokenModel
{
    readonly Lazy<(ByteTrie Starts, ByteTrie Continuations)> _tries;

    public WordPieceModel() => _tries = new(() => (
        Trie(token => token),
        Trie(token => token.StartsWith(ContinuingPrefix, StringComparison.Ordinal) ? token[ContinuingPrefix.Length..] : "")));

    public required IReadOnlyList<string> Tokens { get; init; }

    public IReadOnlySet<int> Marks { get; init; } = FrozenSet<int>.Empty;

    /// <summary>The token of a word that cannot be divided.</summary>
    public required int UnknownId { get; init; }

    /// <summary>What the file writes before a token that continues a word.</summary>
    public string ContinuingPrefix { get; init; } = "##";

    /// <summary>A word of more characters is unknown.</summary>
    public int MaxCharacters { get; init; } = 100;

    /// <exception cref="DataException">A token is longer than any.</exception>
    public ISegmenter NewSegmenter() => new Segmenter(_tries.Value.Starts, _tries.Value.Continuations, this);

    ByteTrie Trie(Func<string, string> text)
    {
        IEnumerable<int> ids = Enumerable.Range(0, Tokens.Count).Reverse().Where(id => !Marks.Contains(id));
        return new ByteTrie(ids.Select(id => (Encoding.UTF8.GetBytes(text(Tokens[id])), id)));
    }

    sealed class Segmenter(ByteTrie starts, ByteTrie continuations, WordPieceModel model) : ISegmenter
    {
        public int Segment(ReadOnlySpan<byte> text, Span<int> ids)
        {
            int count = 0, characters = 0;
            for (int i = 0; i < text.Length && characters <= model.MaxCharacters; characters++)
            {
                Utf8Characters.First(text[i..], out int length);
                i += length;
            }
            bool isKnown = characters <= model.MaxCharacters;
            while (isKnown && text.Length > 0)
            {
                (int length, int id) = (count == 0 ? starts : continuations).LongestPrefix(text);
                isKnown = length > 0;
                if (isKnown)
                    ids[count++] = id;
                text = text[length..];
            }
            if (isKnown)
                return count;
            ids[0] = model.UnknownId;
            return 1;
        }
    }
}
