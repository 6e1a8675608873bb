using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.PostProcessors;
using Cria.Data.Tokenizers.PreTokenizers;
using Cria.Data.Tokenizers.SentencePieces;

namespace Cria.Interop.SentencePiece;

/// <summary>
/// A SentencePiece model in the parts of a tokenizer.json, as Hugging Face's own conversion has them. Ids are the same
/// for BPE; a unigram model's character map is applied by whole characters there, which differs for rare sequences.
/// </summary>
public static class SentencePieceComposition
{
    const char Space = '\u2581';

    public static ComposedModel Of(SentencePieceTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        SentencePieceModel model = tokenizer.Model;
        bool isUnigram = model.Kind == SegmentationKind.Unigram;
        PrependScheme scheme = model.AddDummyPrefix ? PrependScheme.Always : PrependScheme.Never;
        return new ComposedModel
        {
            AddedTokens = [.. Added(model)],
            Normalizer = Normalizer(model, isUnigram),
            PreTokenizer = isUnigram ? new MetaspacePreTokenizer(Space, scheme, Splits: true) : null,
            Model = isUnigram ? Unigram(model) : Bpe(model),
            PostProcessor = Template(model),
            Decoder = isUnigram ? new MetaspaceDecoder(Space, scheme) : Decoder(model),
            BeginOfText = model.BeginOfText,
            EndOfText = model.EndOfText,
        };
    }

    static IEnumerable<AddedToken> Added(SentencePieceModel model)
    {
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Type is PieceType.Control or PieceType.Unknown or PieceType.UserDefined)
                yield return new AddedToken(id, model.Pieces[id].Text) { IsSpecial = model.Pieces[id].Type != PieceType.UserDefined };
    }

    static NormalizerSequence? Normalizer(SentencePieceModel model, bool isUnigram)
    {
        List<INormalizer> parts = [];
        if (model.CharacterMap is { } map)
            parts.Add(new CharacterMapNormalizer(map));
        if (model.RemoveExtraWhitespaces)
        {
            parts.Add(new StripNormalizer(true, true));
            parts.Add(new ReplaceNormalizer(TextPattern.OfRegex(" {2,}"), " "));
        }
        if (!isUnigram && model.AddDummyPrefix)
            parts.Add(new PrependNormalizer(Space.ToString()));
        if (!isUnigram && model.EscapeWhitespaces)
            parts.Add(new ReplaceNormalizer(TextPattern.OfLiteral(" "), Space.ToString()));
        return parts.Count == 0 ? null : new NormalizerSequence(parts);
    }

    static CharacterBpeModel Bpe(SentencePieceModel model)
    {
        Dictionary<string, int> ids = [];
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Type is PieceType.Normal or PieceType.Unused)
                ids.TryAdd(model.Pieces[id].Text, id);
        return new CharacterBpeModel
        {
            Tokens = [.. model.Pieces.Select(piece => piece.Text)],
            Marks = Marks(model),
            Merges = [.. ids.Values.OrderByDescending(id => model.Pieces[id].Score).SelectMany(id => Cuts(model.Pieces[id].Text, id, ids))],
            UnknownId = Unknown(model),
            FusesUnknown = true,
            ByteFallback = model.ByteFallback,
        };
    }

    /// <summary>A piece cut in two pieces in every way that there is.</summary>
    static IEnumerable<BpeMerge> Cuts(string text, int id, Dictionary<string, int> ids)
    {
        List<BpeMerge> merges = [];
        for (int cut = 1; cut < text.Length; cut++)
            if (ids.TryGetValue(text[..cut], out int left) && ids.TryGetValue(text[cut..], out int right))
                merges.Add(new BpeMerge(left, right, id));
        return merges.OrderBy(merge => merge.Left).ThenBy(merge => merge.Right);
    }

    static UnigramModel Unigram(SentencePieceModel model) => new()
    {
        Tokens = [.. model.Pieces.Select(piece => piece.Text)],
        Scores = [.. model.Pieces.Select(piece => (double)piece.Score)],
        Marks = Marks(model),
        UnknownId = Unknown(model),
        ByteFallback = model.ByteFallback,
    };

    static HashSet<int> Marks(SentencePieceModel model) =>
        [.. Enumerable.Range(0, model.Pieces.Count).Where(id => model.Pieces[id].Type is PieceType.Control or PieceType.Unknown)];

    static int? Unknown(SentencePieceModel model) =>
        Enumerable.Range(0, model.Pieces.Count).Cast<int?>().FirstOrDefault(id => model.Pieces[id!.Value].Type == PieceType.Unknown);

    static TemplatePostProcessor? Template(SentencePieceModel model)
    {
        if (model.BeginOfText is not { } begin || begin == model.EndOfText)
            return null;
        string name = model.Pieces[begin].Text;
        TemplatePart mark = new(name, false, 0), second = mark with { TypeId = 1 };
        TemplatePart[] single = [mark, new(null, false, 0)];
        return new TemplatePostProcessor(
            single, [.. single, second, new(null, true, 1)], [new TemplateToken(name, [begin], [name])]);
    }

    static DecoderSequence Decoder(SentencePieceModel model)
    {
        List<ITokenDecoder> parts =
        [
            new ReplaceDecoder(new ReplaceNormalizer(TextPattern.OfLiteral(Space.ToString()), " ")),
            new ByteFallbackDecoder(),
            new FuseDecoder(),
        ];
        if (model.AddDummyPrefix)
            parts.Add(new StripDecoder(' ', 1, 0));
        return new DecoderSequence(parts);
    }
}
