using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>
/// Walks over the words of a text and knows, at each, the hashes and places of the runs that begin there. It holds as
/// many words as the longest run and two, whatever the length of the text.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="most">Words of the longest run.</param>
/// <param name="rolling">Hashes of runs.</param>
ref struct WordWindow(ReadOnlySpan<char> text, int most, RollingWords rolling)
{
    static readonly SearchValues<char> SentenceEnds = SearchValues.Create(".!?…\n\"“”«»。！？");

    readonly ReadOnlySpan<char> _text = text;
    readonly Word[] _ring = new Word[(int)BitOperations.RoundUpToPowerOf2((uint)most + 3)];
    WordScanner _scanner = new(text);
    int _at = -1; // the word at which the walk stands
    int _read; // words read
    bool _hasEnded;

    /// <summary>Words in the longest run that begins here.</summary>
    public readonly int Count => Math.Min(most, _read - _at);

    /// <summary>Goes to the next word.</summary>
    public bool Next()
    {
        _at++;
        while (!_hasEnded && _read <= _at + most) // one more than the run, whose beginning ends the gap behind it
            Read();
        return _at < _read;
    }

    /// <summary>The hash of the run of this many words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Hash(int length) => rolling.Hash(At(_at).SumBefore, At(_at + length).SumBefore, length);

    /// <summary>Where that run begins and ends.</summary>
    public readonly (int First, int End) Span(int length) => (At(_at).First, At(_at + length - 1).End);

    /// <summary>Whether a sentence ends before the run and with it.</summary>
    public readonly bool IsWholeSentence(int length)
    {
        int before = _at == 0 ? 0 : At(_at - 1).End;
        int after = _at + length == _read ? _text.Length : At(_at + length).First;
        return (_at == 0 || BeginsQuotation(_text[before..At(_at).First]) || EndsSentence(_text[before..At(_at).First]))
            && (_at + length == _read || EndsSentence(_text[At(_at + length - 1).End..after])
                || EndsQuotation(At(_at + length - 1).End, after));
    }

    // Of the text between two words.
    static bool EndsSentence(ReadOnlySpan<char> gap) => gap.ContainsAny(SentenceEnds);

    // Said, 'The …: the mark stands at the word and not at the one before it, where it would be an apostrophe.
    static bool BeginsQuotation(ReadOnlySpan<char> gap) => gap.Length > 1 && gap[^1] is ('\'' or '‘' or '’');

    // … herself,' she said. Right behind an s it may be an apostrophe: the boys' books.
    readonly bool EndsQuotation(int end, int after)
    {
        ReadOnlySpan<char> gap = _text[end..after];
        int mark = gap.IndexOfAny('\'', '’', '‘');
        return (mark > 0 && !char.IsWhiteSpace(gap[mark - 1])) || (mark == 0 && _text[end - 1] is not ('s' or 'S'));
    }

    void Read()
    {
        ulong before = At(_read).SumBefore;
        if (!_scanner.Next())
        {
            _hasEnded = true;
            return;
        }

        ref Word word = ref At(_read);
        (word.First, word.End) = (_scanner.First, _scanner.End);
        At(++_read).SumBefore = rolling.Next(before, _scanner.Hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly ref Word At(int word) => ref _ring[word & (_ring.Length - 1)];

    struct Word
    {
        public int First, End;
        public ulong SumBefore; // of all words before it
    }
}
