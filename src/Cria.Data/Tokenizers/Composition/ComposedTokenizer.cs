using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tokenizers.Composition;

/// <summary>
/// Runs a <see cref="ComposedModel"/> on bytes. Bytes that are not UTF-8 pass through its parts untouched and come back
/// where the model has a token for every byte.
/// </summary>
public sealed class ComposedTokenizer : ITokenizer
{
    const int MostGrowth = 1 << 14;

    /// <summary>More than all tokens of any vocabulary decode to, in UTF-16 characters.</summary>
    const long MostDecoded = 1 << 26;

    readonly BpeTokenizer? _bytes;
    readonly AddedTokenFinder _always, _withSpecial, _normalized, _normalizedWithSpecial;
    readonly int _shortestName;
    readonly bool[] _isSpecial;
    readonly byte[][] _opening, _following;
    readonly ConcurrentBag<Worker> _workers = [];

    /// <exception cref="DataException">The model contradicts itself, or its decoder cannot work token by token.</exception>
    public ComposedTokenizer(ComposedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        CheckGrowth("normalizer", model.Normalizer is null ? null : model.Normalizer.MaxBytes);
        CheckGrowth("pre-tokenizer", model.PreTokenizer is null ? null : model.PreTokenizer.MaxBytes);
        _bytes = ByteLevelCore.Find(model) is { } core ? new BpeTokenizer(core) : null;
        (_always, _withSpecial) = (Finder(false, false), Finder(false, true));
        (_normalized, _normalizedWithSpecial) = (Finder(true, false), Finder(true, true));
        _shortestName = model.AddedTokens.Select(token => token.Content.Length).Where(length => length > 0).DefaultIfEmpty(1).Min();

        string[] tokens = Names(model);
        CheckMarks(tokens.Length);
        _isSpecial = new bool[tokens.Length];
        foreach (AddedToken token in model.AddedTokens)
            _isSpecial[token.Id] = token.IsSpecial;
        (_opening, _following) = (new byte[tokens.Length][], new byte[tokens.Length][]);
        ITokenDecoder decoder = model.Decoder ?? new SpaceDecoder();
        long characters = 0;
        for (int id = 0; id < tokens.Length; id++)
        {
            DecodedToken token = new(tokens[id], tokens[id]);
            DecodedToken decoded = _isSpecial[id] ? token : decoder.Decode(token);
            characters += decoded.Opening.Length + decoded.Following.Length;
            if (characters > MostDecoded)
                throw new DataException($"The decoder makes more than {MostDecoded} characters of the vocabulary; no real one does.");
            _following[id] = EscapedText.ToUtf8(decoded.Following);
            _opening[id] = decoded.Opening == decoded.Following ? _following[id] : EscapedText.ToUtf8(decoded.Opening);
        }
        _workers.Add(new Worker(_bytes is null ? model.Model.NewSegmenter() : null, [])); // so that its faults are found now
    }

    public ComposedModel Model { get; }

    public int VocabSize => _isSpecial.Length;

    public int? BeginOfText => Model.BeginOfText ?? Model.EndOfText;

    public int? EndOfText => Model.EndOfText;

    // A token takes at least one byte of a word. What a part adds to a text, it adds to every stretch between two added
    // tokens.
    public int MaxTokens(int utf8Bytes) =>
        utf8Bytes == 0 ? 0 : Countable(WordBytes(utf8Bytes) + utf8Bytes / _shortestName * WordBytes(0), utf8Bytes);

    public int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy = SpecialTokens.AsText)
    {
        if (ids.Length < MaxTokens(utf8.Length))
            throw new ArgumentException(
                $"{ids.Length} ids are too few for {utf8.Length} bytes; MaxTokens says {MaxTokens(utf8.Length)}.",
                nameof(ids));
        if (!_workers.TryTake(out Worker? worker))
            worker = new Worker(_bytes is null ? Model.Model.NewSegmenter() : null, []);

        int count = 0;
        foreach (Stretch stretch in (policy == SpecialTokens.Parse ? _withSpecial : _always).Cut(utf8))
            if (stretch.Id >= 0)
                ids[count++] = stretch.Id;
            else
                count += EncodeStretch(utf8[stretch.Start..stretch.End], stretch.Start == 0, ids[count..], policy, worker);
        _workers.Add(worker);
        return count;
    }

    public ReadOnlySpan<byte> TokenBytes(int id) => _following[Checked(id)];

    public ReadOnlySpan<byte> OpeningBytes(int id) => _opening[Checked(id)];

    public bool IsSpecial(int id) => _isSpecial[Checked(id)];

    int EncodeStretch(ReadOnlySpan<byte> utf8, bool isFirst, Span<int> ids, SpecialTokens policy, Worker worker)
    {
        AddedTokenFinder finder = policy == SpecialTokens.Parse ? _normalizedWithSpecial : _normalized;
        if (Model.Normalizer is null && finder.IsEmpty && _bytes is not null)
            return _bytes.Encode(utf8, ids);
        string text = EscapedText.FromUtf8(utf8);
        text = Model.Normalizer?.Normalize(text) ?? text;
        if (finder.IsEmpty)
            return EncodeText(text, isFirst, ids, worker);

        int count = 0;
        byte[] normal = EscapedText.ToUtf8(text);
        foreach (Stretch stretch in finder.Cut(normal))
            if (stretch.Id >= 0)
                ids[count++] = stretch.Id;
            else
            {
                text = EscapedText.FromUtf8(normal.AsSpan(stretch.Start, stretch.End - stretch.Start));
                count += EncodeText(text, isFirst && stretch.Start == 0, ids[count..], worker);
            }
        return count;
    }

    int EncodeText(string text, bool isFirst, Span<int> ids, Worker worker)
    {
        if (text.Length == 0)
            return 0;
        if (_bytes is not null || Model.PreTokenizer is null)
            return EncodeWord(text, ids, worker);
        List<TextPiece> words = [];
        Model.PreTokenizer.Split(new TextPiece(text, isFirst), words);
        int count = 0;
        foreach (TextPiece word in words)
            count += EncodeWord(word.Text, ids[count..], worker);
        return count;
    }

    int EncodeWord(string word, Span<int> ids, Worker worker)
    {
        EscapedText.ToUtf8(word, worker.Buffer);
        ReadOnlySpan<byte> utf8 = CollectionsMarshal.AsSpan(worker.Buffer);
        return _bytes?.Encode(utf8, ids) ?? worker.Segmenter!.Segment(utf8, ids);
    }

    internal static int Countable(long tokens, int utf8Bytes) => tokens <= Array.MaxLength
        ? (int)tokens
        : throw new DataException($"A text of {utf8Bytes} bytes may become {tokens} tokens; divide it.");

    long WordBytes(long utf8Bytes)
    {
        long normal = Model.Normalizer?.MaxBytes(utf8Bytes) ?? utf8Bytes;
        return _bytes is not null ? normal + 1 : Model.PreTokenizer?.MaxBytes(normal) ?? normal;
    }

    AddedTokenFinder Finder(bool isNormalized, bool hasSpecial)
    {
        // Without a normalizer the two kinds differ in nothing.
        bool IsWanted(AddedToken token) =>
            (token.IsNormalized && Model.Normalizer is not null) == isNormalized && (hasSpecial || !token.IsSpecial);
        return new AddedTokenFinder(Model.AddedTokens.Where(IsWanted)
            .Select(token => (isNormalized ? Model.Normalizer!.Normalize(token.Content) : token.Content, token)));
    }

    /// <summary>Refuses parts that multiply a text: of one byte, or of as many as the longest match of a part has.</summary>
    static void CheckGrowth(string part, Func<long, long>? maxBytes)
    {
        foreach (int bytes in (ReadOnlySpan<int>)[1, 1024])
            if (maxBytes?.Invoke(bytes) > (long)MostGrowth * bytes)
                throw new DataException($"The {part} can make more than {MostGrowth} bytes of one; no real one does.");
    }

    void CheckMarks(int size)
    {
        IEnumerable<int?> marks = [Model.BeginOfText, Model.EndOfText];
        if (Model.PostProcessor is { } around)
            marks = marks.Concat(around.Before.Concat(around.After).Cast<int?>());
        foreach (int? mark in marks)
            if (mark is { } id && (uint)id >= (uint)size)
                throw new DataException($"The token {id}, which is put around a text, is not in the vocabulary of {size}.");
    }

    static string[] Names(ComposedModel model)
    {
        int size = model.Model.Tokens.Count, most = 2 * (size + model.AddedTokens.Count) + 1024;
        foreach (AddedToken token in model.AddedTokens)
        {
            if ((uint)token.Id >= (uint)most)
                throw new DataException(
                    $"The added token '{token.Content}' has the id {token.Id}, far outside the vocabulary of {size}.");
            size = Math.Max(size, token.Id + 1);
        }
        string[] names = new string[size];
        Array.Fill(names, "");
        for (int id = 0; id < model.Model.Tokens.Count; id++)
            names[id] = model.Model.Tokens[id];
        foreach (AddedToken token in model.AddedTokens)
            names[token.Id] = token.Content;
        return names;
    }

    int Checked(int id) => (uint)id < (uint)VocabSize
        ? id
        : throw new DataException(
            $"Token id {id} is not in the vocabulary of {VocabSize}; use the tokenizer that made these ids.");

    /// <summary>What one thread at a time needs.</summary>
    sealed record Worker(ISegmenter? Segmenter, List<byte> Buffer);
}
