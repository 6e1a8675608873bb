using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Models;

namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>
/// SentencePiece (Kudo and Richardson 2018), by merges or by probabilities. With byte fallback and without rewriting of
/// characters every text comes back whole, save that "▁" becomes a space. Ids are those of the library; only bytes that
/// are not UTF-8 keep their value where the library puts U+FFFD.
/// </summary>
public sealed class SentencePieceTokenizer : ITokenizer
{
    readonly PieceVocabulary _vocabulary;
    readonly ByteTrie _userDefined;
    readonly SentenceNormalizer _normalizer;
    readonly Func<ISegmenter> _newSegmenter;
    readonly SpecialTokenFinder _controls;
    readonly byte[][] _bytes;
    readonly ConcurrentBag<Worker> _workers = [];

    /// <exception cref="DataException">The model contradicts itself or lacks a byte.</exception>
    public SentencePieceTokenizer(SentencePieceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _vocabulary = new PieceVocabulary(model);
        _userDefined = new ByteTrie(_vocabulary.Of(PieceType.UserDefined));
        _normalizer = new SentenceNormalizer(model, _userDefined);
        _newSegmenter = Segmenters();
        _controls = new SpecialTokenFinder([.. _vocabulary.Of(PieceType.Control).Where(piece => piece.Key.Length > 1)]);
        _bytes = [.. Enumerable.Range(0, VocabSize).Select(Decoded)];
    }

    public SentencePieceModel Model { get; }

    public int VocabSize => _vocabulary.Texts.Length;

    public int? BeginOfText => Model.BeginOfText;

    public int? EndOfText => Model.EndOfText;

    public bool OpensUntilText => Model.RemoveExtraWhitespaces;

    // A piece is at least one byte of normal form. Between two stretches of text stands a mark of at least two bytes,
    // which is one token, so that the space before the second stretch has its place.
    public int MaxTokens(int utf8Bytes) =>
        utf8Bytes == 0 ? 0 : ComposedTokenizer.Countable(_normalizer.MaxBytes(utf8Bytes), utf8Bytes);

    public int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy = SpecialTokens.AsText)
    {
        if (ids.Length < MaxTokens(utf8.Length))
            throw new ArgumentException(
                $"{ids.Length} ids are too few for {utf8.Length} bytes; MaxTokens says {MaxTokens(utf8.Length)}.",
                nameof(ids));
        if (!_workers.TryTake(out Worker? worker))
            worker = new Worker(_newSegmenter(), []);

        int count = 0;
        while (utf8.Length > 0)
        {
            (int start, int length, int id) =
                policy == SpecialTokens.Parse ? _controls.First(utf8) : (utf8.Length, 0, -1);
            count += EncodeText(utf8[..start], ids[count..], worker);
            if (id >= 0)
                ids[count++] = id;
            utf8 = utf8[(start + length)..];
        }
        _workers.Add(worker);
        return count;
    }

    public ReadOnlySpan<byte> TokenBytes(int id) => _bytes[Checked(id)];

    public ReadOnlySpan<byte> OpeningBytes(int id) =>
        (Model.AddDummyPrefix || Model.RemoveExtraWhitespaces)
        && Model.Pieces[Checked(id)] is { Type: PieceType.Normal or PieceType.UserDefined or PieceType.Unused, Text: ['\u2581', ..] }
            ? _bytes[id].AsSpan(1)
            : _bytes[Checked(id)];

    public bool IsSpecial(int id) => Model.Pieces[Checked(id)].Type == PieceType.Control;

    int EncodeText(ReadOnlySpan<byte> text, Span<int> ids, Worker worker)
    {
        _normalizer.Normalize(text, worker.Buffer);
        ReadOnlySpan<byte> normal = CollectionsMarshal.AsSpan(worker.Buffer);
        int count = 0;
        while (normal.Length > 0)
        {
            (int start, int length, int id) = _userDefined.First(normal);
            count += worker.Segmenter.Segment(normal[..start], ids[count..]);
            if (id >= 0)
                ids[count++] = id;
            normal = normal[(start + length)..];
        }
        return Model.ByteFallback ? count : WithUnknownsJoined(ids[..count]);
    }

    /// <summary>Neighbouring unknown characters are one token.</summary>
    int WithUnknownsJoined(Span<int> ids)
    {
        int count = 0;
        foreach (int id in ids)
            if (id != _vocabulary.UnknownId || count == 0 || ids[count - 1] != id)
                ids[count++] = id;
        return count;
    }

    Func<ISegmenter> Segmenters()
    {
        if (Model.Kind == SegmentationKind.Unigram)
        {
            UnigramTables unigram = _vocabulary.UnigramTables();
            return () => new UnigramSegmenter(unigram);
        }
        ScoreTables scores = new(_vocabulary);
        bool hasWords = _vocabulary.HasWords();
        return () => new BpeSegmenter(scores, hasWords);
    }

    byte[] Decoded(int id)
    {
        Piece piece = Model.Pieces[id];
        return piece.Type switch
        {
            PieceType.Byte => [(byte)Array.IndexOf(_vocabulary.ByteIds, id)],
            PieceType.Unknown => Encoding.UTF8.GetBytes(Model.UnknownSurface),
            PieceType.Control => _vocabulary.Texts[id],
            _ => Encoding.UTF8.GetBytes(piece.Text.Replace('\u2581', ' ')),
        };
    }

    int Checked(int id) => (uint)id < (uint)VocabSize
        ? id
        : throw new DataException(
            $"Token id {id} is not in the vocabulary of {VocabSize}; use the tokenizer that made these ids.");

    /// <summary>What one thread at a time needs.</summary>
    sealed record Worker(ISegmenter Segmenter, List<byte> Buffer);
}
