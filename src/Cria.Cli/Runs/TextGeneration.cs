using Cria.Data.Tokenizers;
using Cria.Models.Decoding;
using StringBuilder = System.Text.StringBuilder;

namespace Cria.Cli.Runs;

/// <summary>Text in, text out: a tokenizer around <see cref="Generation"/>.</summary>
static class TextGeneration
{
    /// <summary>A prompt's tokens, behind the one that opens a document.</summary>
    public static int[] Prompt(ITokenizer tokenizer, string prompt)
    {
        int[] text = tokenizer.Encode(prompt);
        return tokenizer.BeginOfText is { } opener ? [opener, .. text] : text;
    }

    /// <summary>The continuation, piece by piece, never half a character.</summary>
    public static IEnumerable<string> Stream(Decoder decoder, ITokenizer tokenizer, string prompt, int maxTokens, SamplingOptions options)
    {
        int[] ids = Prompt(tokenizer, prompt);
        var streaming = new StreamingDecoder(tokenizer, continues: prompt.Length > 0);
        foreach (int id in Generation.Run(decoder, ids, maxTokens, tokenizer.EndOfText, options))
            if (streaming.Next(id) is { Length: > 0 } piece)
                yield return piece;
        if (streaming.Flush() is { Length: > 0 } rest)
            yield return rest;
    }

    public static string Complete(Decoder decoder, ITokenizer tokenizer, string prompt, int maxTokens, SamplingOptions options)
    {
        var text = new StringBuilder();
        foreach (string piece in Stream(decoder, tokenizer, prompt, maxTokens, options))
            text.Append(piece);
        return text.ToString();
    }
}
