using System.Text;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.PostProcessors;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tokenizers;

/// <summary>What a <see cref="BpeTrainer"/> has learned.</summary>
public sealed record BpeTraining
{
    const string BeginOfText = "<s>", EndOfText = "</s>"; // the names that Llama and BabyLlama give them

    /// <summary>The bytes of every token by id; a special token's are the UTF-8 of its name.</summary>
    public required IReadOnlyList<byte[]> Tokens { get; init; }

    /// <summary>In the order in which they were learned.</summary>
    public required IReadOnlyList<BpeMerge> Merges { get; init; }

    /// <summary>What was asked for.</summary>
    public required BpeTrainerOptions Options { get; init; }

    /// <summary>What was counted.</summary>
    public required WordStatistics Words { get; init; }

    /// <summary>
    /// The tokenizer: a <see cref="BpeTokenizer"/> where bytes and words are all there is to it, else a
    /// <see cref="ComposedTokenizer"/>. Without <c>&lt;|endoftext|&gt;</c>, the special tokens <c>&lt;s&gt;</c> and
    /// <c>&lt;/s&gt;</c> begin and end a text.
    /// </summary>
    public ITokenizer Tokenizer()
    {
        int? begin = SpecialId(BeginOfText), end = SpecialId(EndOfText);
        bool hasItsMark = SpecialId(BpeModel.EndOfText) is not null || (begin ?? end) is null;
        return hasItsMark && Options is { Normalizer: null, Alphabet: ByteAlphabet.All }
            ? new BpeTokenizer(Model())
            : new ComposedTokenizer(Composed() with
            {
                BeginOfText = hasItsMark ? SpecialId(BpeModel.EndOfText) : begin,
                EndOfText = hasItsMark ? SpecialId(BpeModel.EndOfText) : end,
            });
    }

    /// <summary>What the training had learned when it had fewer tokens: merges are learned one after another, so a smaller
    /// vocabulary is the
    /// beginning of a larger one.</summary>
    /// <param name="vocabSize">At least the special tokens and the bytes.</param>
    public BpeTraining Smaller(int vocabSize)
    {
        int first = Tokens.Count - Merges.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabSize, first);
        return this with
        {
            Tokens = [.. Tokens.Take(vocabSize)],
            Merges = [.. Merges.Take(vocabSize - first)],
            Options = Options with { VocabSize = Math.Min(vocabSize, Options.VocabSize) },
        };
    }

    /// <summary>The byte-level model, where <see cref="Tokens"/> have all bytes and nothing is normalised.</summary>
    internal BpeModel Model() => new()
    {
        Tokens = Tokens,
        Merges = Merges,
        SpecialIds = [.. Enumerable.Range(0, Options.SpecialTokens.Count)],
        Splitter = Options.Splitter,
        AddPrefixSpace = Options.AddPrefixSpace,
    };

    ComposedModel Composed()
    {
        int specials = Options.SpecialTokens.Count;
        bool hasGpt2Words = Options.Splitter is Gpt2Splitter;
        ByteLevelPreTokenizer bytes = new(Options.AddPrefixSpace, hasGpt2Words);
        return new ComposedModel
        {
            AddedTokens = [.. Options.SpecialTokens.Select((name, id) => new AddedToken(id, name) { IsSpecial = true })],
            Normalizer = Options.Normalizer,
            PreTokenizer = hasGpt2Words || Options.Splitter is WholeTextSplitter ? bytes : new PreTokenizerSequence(
                [new PatternPreTokenizer(TextPattern.OfRegex(Options.Splitter.Pattern), SplitBehavior.Isolated), bytes]),
            Model = new CharacterBpeModel
            {
                Tokens = [.. Tokens.Select((token, id) => id < specials ? Encoding.UTF8.GetString(token) : ByteCharacters.Print(token))],
                Marks = Enumerable.Range(0, specials).ToHashSet(),
                Merges = Merges,
            },
            PostProcessor = new ByteLevelPostProcessor(true, true, true),
            Decoder = new ByteLevelDecoder(),
        };
    }

    int? SpecialId(string name)
    {
        for (int id = 0; id < Options.SpecialTokens.Count; id++)
            if (Options.SpecialTokens[id] == name)
                return id;
        return null;
    }
}
