using System.CommandLine;
using System.Globalization;
using System.Text;
using Cria.Cli.Frame;
using Cria.Data.Tokenizers;
using Cria.Interop;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer decode</c>: one text a list of ids.</summary>
static class TokenizerDecodeVerb
{
    static readonly Option<string> Tokenizer = TokenizerVerb.Option();

    static readonly Argument<string[]> Ids = new("ID")
    {
        Description = "Ids, separated by spaces or commas; none reads lists from standard input, one a line.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create() => new Verb(
        "decode",
        "Turn token ids into text.",
        "cria tokenizer decode --tokenizer tokenizer 464 2068 7586")
    {
        Tokenizer, GlobalOptions.Json, Ids,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ITokenizer tokenizer = TokenizerFile.Open(parsed.GetRequiredValue(Tokenizer)).Tokenizer;
        string[] words = parsed.GetValue(Ids) ?? [];
        IEnumerable<string> lists = words.Length > 0
            ? [string.Join(' ', words)]
            : ByteLines.Of(Console.OpenStandardInput()).Select(Encoding.UTF8.GetString);

        List<string> texts = [];
        using Stream output = Console.OpenStandardOutput();
        foreach (string list in lists)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] text = tokenizer.DecodeBytes(Parse(list));
            if (parsed.GetValue(GlobalOptions.Json))
            {
                texts.Add(Encoding.UTF8.GetString(text));
                continue;
            }

            output.Write(text); // the bytes themselves: half a character stays half a character
            output.WriteByte((byte)'\n');
        }

        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Texts = texts });
        return 0;
    }

    static int[] Parse(string list)
    {
        string[] words = list.Split([' ', ',', '\t', '[', ']', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(words, word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new UsageException($"'{word}' is no token id; expected whole numbers such as 464 2068 7586."));
    }
}
