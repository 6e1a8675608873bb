using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.PostProcessors;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tokenizers.Composition;

/// <summary>
/// A tokenizer in parts, as Hugging Face's tokenizer.json describes one: added tokens are cut out, the rest is
/// normalised, cut into words, and each word divided by the model; decoding undoes it.
/// </summary>
public sealed record ComposedModel
{
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public required ITokenModel Model { get; init; }

    public IPostProcessor? PostProcessor { get; init; }

    /// <summary>Null puts a space between tokens.</summary>
    public ITokenDecoder? Decoder { get; init; }

    /// <summary>The token that begins a text; null if there is none.</summary>
    public int? BeginOfText { get; init; }

    /// <summary>The token that ends a text; null if there is none.</summary>
    public int? EndOfText { get; init; }

    /// <summary>
    /// The same as byte-level BPE that needs no parts: <see cref="BpeTokenizer"/> does it faster. Null where the parts do
    /// more than that.
    /// </summary>
    public BpeModel? ByteLevel()
    {
        bool isPlain = Normalizer is null && Decoder is ByteLevelDecoder
            && PostProcessor is null or { Before.Count: 0, After.Count: 0 }
            && AddedTokens.All(token => token is { IsSpecial: true, StripsLeft: false, StripsRight: false, IsSingleWord: false });
        BpeModel? bytes = isPlain ? ByteLevelCore.Find(this) : null;
        bool hasItsMarks = bytes?.SpecialId(BpeModel.EndOfText) == EndOfText && (BeginOfText ?? EndOfText) == EndOfText;
        return hasItsMarks ? bytes : null;
    }
}
