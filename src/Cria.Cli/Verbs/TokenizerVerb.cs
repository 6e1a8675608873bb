using System.CommandLine;
using Cria.Cli.Frame;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer</c>: train, encode, decode, show.</summary>
static class TokenizerVerb
{
    public static Command Create() => new Verb(
        "tokenizer",
        "Train and use byte-level BPE tokenizers, kept as Hugging Face's tokenizer.json.",
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
        Description = "A tokenizer.json, or the folder that holds one.",
        Required = true,
    };
}
