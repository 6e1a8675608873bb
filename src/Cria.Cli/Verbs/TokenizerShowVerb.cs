using System.CommandLine;
using System.Text;
using Cria.Cli.Frame;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer show</c>: a tokenizer in words.</summary>
static class TokenizerShowVerb
{
    static readonly Argument<string> Source = new("FILE|DIR")
    {
        Description = "A tokenizer.json, or the folder that holds one.",
    };

    static readonly Option<int> Tokens = Numbers.Count("--tokens", "N", "Show the last N tokens.", 0, without: 10);

    public static Command Create() => new Verb(
        "show",
        "Describe a tokenizer: size, special tokens, how it splits words, its hash.",
        "cria tokenizer show tokenizer --tokens 50")
    {
        Source, Tokens, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Source);
        ITokenizer tokenizer = TokenizerJson.ReadAny(path);
        BpeTokenizer? bpe = tokenizer as BpeTokenizer;
        var special = Enumerable.Range(0, tokenizer.VocabSize)
            .Where(tokenizer.IsSpecial)
            .Select(id => new { Id = id, Text = Text(tokenizer, id) })
            .ToArray();
        int shown = Math.Min(parsed.GetValue(Tokens), tokenizer.VocabSize);
        var last = Enumerable.Range(tokenizer.VocabSize - shown, shown)
            .Select(id => new { Id = id, Text = Text(tokenizer, id) })
            .ToArray();
        string? hash = bpe is null ? null : TokenizerJson.TokenizerHash(bpe);
        string kind = bpe is null ? "pieces (decodes only)" : "byte-level BPE";
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Path = path,
                Kind = kind,
                tokenizer.VocabSize,
                Merges = bpe?.Model.Merges.Count,
                tokenizer.EndOfText,
                SpecialTokens = special,
                Pattern = bpe?.Model.Splitter.Pattern,
                bpe?.Model.AddPrefixSpace,
                Sha256 = hash,
                LastTokens = last,
            });
            return 0;
        }

        Output.Line($"{path}: {kind}, {tokenizer.VocabSize} tokens");
        if (bpe is not null)
        {
            Output.Line($"merges          {bpe.Model.Merges.Count}");
            Output.Line($"word pattern    {bpe.Model.Splitter.Pattern}");
            Output.Line($"sha256          {hash}");
        }

        foreach (var token in special)
            Output.Line($"special token   {token.Id} {token.Text}");
        foreach (var token in last)
            Output.Line($"token           {token.Id} \"{token.Text}\"");
        return 0;
    }

    static string Text(ITokenizer tokenizer, int id) =>
        Encoding.UTF8.GetString(tokenizer.TokenBytes(id)).Replace("\n", "\\n", StringComparison.Ordinal);
}
