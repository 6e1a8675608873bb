using System.CommandLine;
using System.Text;
using Cria.Cli.Frame;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Interop;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer show</c>: a tokenizer in words.</summary>
static class TokenizerShowVerb
{
    static readonly Argument<string> Source = new("FILE|DIR")
    {
        Description = "tokenizer.json, SentencePiece .model, .tiktoken, vocab.json with merges.txt, or a folder that holds one.",
    };

    static readonly Option<int> Tokens = Numbers.Count("--tokens", "N", "Show the last N tokens.", 0, without: 10);

    public static Command Create() => new Verb(
        "show",
        "Describe a tokenizer: kind, size, special tokens, how it splits words, its hash.",
        "cria tokenizer show tokenizer --tokens 50")
    {
        Source, Tokens, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        TokenizerFile file = TokenizerFile.Open(parsed.GetRequiredValue(Source));
        ITokenizer tokenizer = file.Tokenizer;
        BpeTokenizer? bpe = tokenizer as BpeTokenizer;
        var special = Enumerable.Range(0, tokenizer.VocabSize)
            .Where(tokenizer.IsSpecial)
            .Select(id => new { Id = id, Text = Text(tokenizer, id) })
            .ToArray();
        int shown = Math.Min(parsed.GetValue(Tokens), tokenizer.VocabSize);
        var last = Enumerable.Range(tokenizer.VocabSize - shown, shown)
            .Select(id => new { Id = id, Text = Text(tokenizer, id) })
            .ToArray();
        string hash = TokenizerJson.TokenizerHash(tokenizer);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                file.Path,
                Kind = Kind(tokenizer),
                file.Format,
                tokenizer.VocabSize,
                Merges = bpe?.Model.Merges.Count,
                tokenizer.BeginOfText,
                tokenizer.EndOfText,
                SpecialTokens = special,
                Pattern = bpe?.Model.Splitter.Pattern,
                bpe?.Model.AddPrefixSpace,
                Sha256 = hash,
                LastTokens = last,
            });
            return 0;
        }

        Output.Line($"{file.Path}: {Kind(tokenizer)}, {tokenizer.VocabSize} tokens");
        Output.Line($"file            {file.Format}");
        foreach ((string name, string value) in Parts(tokenizer))
            Output.Line($"{name,-16}{value}");
        Output.Line($"sha256          {hash}");
        foreach (var token in special)
            Output.Line($"special token   {token.Id} {token.Text}");
        foreach (var token in last)
            Output.Line($"token           {token.Id} \"{token.Text}\"");
        return 0;
    }

    static string Kind(ITokenizer tokenizer) => tokenizer switch
    {
        BpeTokenizer => "byte-level BPE",
        SentencePieceTokenizer { Model: { Kind: SegmentationKind.Bpe } model } => "SentencePiece BPE" + Fallback(model.ByteFallback),
        SentencePieceTokenizer { Model: var model } => "SentencePiece unigram" + Fallback(model.ByteFallback),
        ComposedTokenizer { Model.Model: CharacterBpeModel model } => "BPE in parts" + Fallback(model.ByteFallback),
        ComposedTokenizer { Model.Model: UnigramModel model } => "unigram in parts" + Fallback(model.ByteFallback),
        ComposedTokenizer => "WordPiece in parts",
        _ => tokenizer.GetType().Name,
    };

    static string Fallback(bool hasBytes) => hasBytes ? " with byte fallback" : "";

    static IEnumerable<(string Name, string Value)> Parts(ITokenizer tokenizer)
    {
        if (tokenizer is BpeTokenizer bpe)
        {
            yield return ("merges", $"{bpe.Model.Merges.Count}");
            yield return ("word pattern", bpe.Model.Splitter.Pattern);
        }
        if (tokenizer is ComposedTokenizer { Model: var model })
        {
            (string, object?)[] parts =
            [
                ("normalizer", model.Normalizer), ("pre-tokenizer", model.PreTokenizer), ("post-processor", model.PostProcessor),
                ("decoder", model.Decoder),
            ];
            foreach ((string name, object? part) in parts)
                if (part is not null)
                    yield return (name, part.GetType().Name);
        }
        if (tokenizer is SentencePieceTokenizer { Model: var pieces })
        {
            yield return ("space before", pieces.AddDummyPrefix ? "yes" : "no");
            yield return ("extra spaces", pieces.RemoveExtraWhitespaces ? "removed" : "kept");
            yield return ("character map", pieces.CharacterMap is null ? "none" : $"{pieces.CharacterMap.Compiled.Length} bytes");
        }
    }

    static string Text(ITokenizer tokenizer, int id) =>
        Encoding.UTF8.GetString(tokenizer.TokenBytes(id)).Replace("\n", "\\n", StringComparison.Ordinal);
}
