using System.CommandLine;
using Cria.Cli.Frame;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer</c>: train, encode, decode, show.</summary>
static class TokenizerVerb
{
    public static Command Create() => new Verb(
        "tokenizer",
        "Train byte-level BPE tokenizers, kept as Hugging Face's tokenizer.json; use these and other people's.",
        "cria tokenizer train stories.txt --vocab-size 4096 --out tokenizer")
    {
        TokenizerTrainVerb.Create(),
        TokenizerEncodeVerb.Create(),
        TokenizerDecodeVerb.Create(),
        TokenizerShowVerb.Create(),
    };

    /// <summary>The option of every verb that reads a tokenizer.</summary>
    public static Option<string> Option() => new("--tokenizer")
    {
        HelpName = "FILE|DIR",
        Description = "tokenizer.json, SentencePiece .model, .tiktoken, vocab.json with merges.txt, or a folder that holds one.",
        Required = true,
    };
}
