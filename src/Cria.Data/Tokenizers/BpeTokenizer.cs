using System.Buffers;
using System.Collections.Concurrent;

namespace Cria.Data.Tokenizers;

/// <summary>
/// Byte-level byte-pair encoding (Sennrich et al. 2016; bytes as in GPT-2). Every byte has a token, so every text
/// encodes and <c>decode(encode(x)) == x</c> for all bytes, unless <see cref="BpeModel.AddPrefixSpace"/> adds a space.
/// </summary>
public sealed class BpeTokenizer : ITokenizer
{
    readonly BpeTables _tables;
    readonly SpecialTokenFinder _specials;
    readonly bool[] _isSpecial;
    readonly ConcurrentBag<WordEncoder> _encoders = [];

    /// <exception cref="DataException">The model contradicts itself or lacks a byte.</exception>
    public BpeTokenizer(BpeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _tables = new BpeTables(model, BpeModelCheck.ByteIds(model));
        _specials = new SpecialTokenFinder(model);
        _isSpecial = new bool[model.Tokens.Count];
        foreach (int id in model.SpecialIds)
            _isSpecial[id] = true;
        EndOfText = model.SpecialId(BpeModel.EndOfText);
    }

    public BpeModel Model { get; }

    public int VocabSize => _isSpecial.Length;

    public int? EndOfText { get; }

    public bool IsSpecial(int id) => _isSpecial[Checked(id)];

    public ReadOnlySpan<byte> TokenBytes(int id) => Model.Tokens[Checked(id)];

    // A byte is at most one token. A prefix space adds one to each stretch of text, but two stretches have a special
    // token between them, which takes at least two bytes and is one token.
    public int MaxTokens(int utf8Bytes) => Model.AddPrefixSpace && utf8Bytes > 0 ? checked(utf8Bytes + 1) : utf8Bytes;

    public int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy = SpecialTokens.AsText)
    {
        CheckRoom(utf8.Length, ids.Length);
        WordEncoder encoder = TakeEncoder();
        int count = 0;
        while (utf8.Length > 0)
        {
            (int start, int length, int id) =
                policy == SpecialTokens.Parse ? _specials.First(utf8) : (utf8.Length, 0, -1);
            count += EncodeText(utf8[..start], ids[count..], encoder);
            if (id >= 0)
                ids[count++] = id;
            utf8 = utf8[(start + length)..];
        }
        _encoders.Add(encoder);
        return count;
    }

    public int EncodeParallel(
        ReadOnlyMemory<byte> utf8, Span<int> ids, int threads, SpecialTokens policy = SpecialTokens.AsText)
    {
        if (threads <= 1 || utf8.Length < 2 * ParallelEncoding.PartBytes)
            return Encode(utf8.Span, ids, policy);
        CheckRoom(utf8.Length, ids.Length);
        return new ParallelEncoding(this, threads).Encode(utf8, policy == SpecialTokens.Parse ? _specials : null, ids);
    }

    /// <summary>Encodes a part of a text that has no special tokens.</summary>
    /// <param name="text">From one cut of the splitter to another.</param>
    /// <param name="ids">At least <see cref="MaxTokens"/> long.</param>
    /// <param name="begins">Whether this part begins the text.</param>
    internal int EncodePart(ReadOnlySpan<byte> text, Span<int> ids, bool begins)
    {
        WordEncoder encoder = TakeEncoder();
        int count = begins ? EncodeText(text, ids, encoder) : EncodeWords(text, ids, encoder);
        _encoders.Add(encoder);
        return count;
    }

    WordEncoder TakeEncoder() =>
        _encoders.TryTake(out WordEncoder? encoder) ? encoder : new WordEncoder(new WordMerger(_tables));

    void CheckRoom(int bytes, int room)
    {
        if (room < MaxTokens(bytes))
            throw new ArgumentException($"{room} ids are too few for {bytes} bytes; MaxTokens says {MaxTokens(bytes)}.", nameof(room));
    }

    int EncodeText(ReadOnlySpan<byte> text, Span<int> ids, WordEncoder encoder)
    {
        if (!Model.AddPrefixSpace || text.IsEmpty || text[0] == ' ')
            return EncodeWords(text, ids, encoder);
        byte[] prefixed = ArrayPool<byte>.Shared.Rent(text.Length + 1);
        prefixed[0] = (byte)' ';
        text.CopyTo(prefixed.AsSpan(1));
        int count = EncodeWords(prefixed.AsSpan(0, text.Length + 1), ids, encoder);
        ArrayPool<byte>.Shared.Return(prefixed);
        return count;
    }

    int EncodeWords(ReadOnlySpan<byte> text, Span<int> ids, WordEncoder encoder)
    {
        IWordSplitter splitter = Model.Splitter;
        int count = 0;
        while (text.Length > 0)
        {
            int length = splitter.FirstWord(text);
            count += encoder.Encode(text[..length], ids[count..]);
            text = text[length..];
        }
        return count;
    }

    int Checked(int id) => (uint)id < (uint)_isSpecial.Length
        ? id
        : throw new DataException(
            $"Token id {id} is not in the vocabulary of {VocabSize}; use the tokenizer that made these ids.");
}
