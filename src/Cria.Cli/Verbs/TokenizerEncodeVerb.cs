using System.CommandLine;
using System.Text.Json;
using Cria.Cli.Frame;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.PostProcessors;
using Cria.Interop;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer encode</c>: one list of ids a line of input.</summary>
static class TokenizerEncodeVerb
{
    static readonly Option<string> Tokenizer = TokenizerVerb.Option();
    static readonly Option<bool> Special = new("--special")
    {
        Description = "Names of special tokens in the text mean the tokens, and those that the file puts around a text are added.",
    };

    static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "Text files; '-' or none reads standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create() => new Verb(
        "encode",
        "Turn text into token ids, line by line; line ends are not part of the text, and no token is added unless --special.",
        "cria tokenizer encode --tokenizer tokenizer --json prompts.txt")
    {
        Tokenizer, Special, GlobalOptions.Json, Files,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ITokenizer tokenizer = TokenizerFile.Open(parsed.GetRequiredValue(Tokenizer)).Tokenizer;
        SpecialTokens policy = parsed.GetValue(Special) ? SpecialTokens.Parse : SpecialTokens.AsText;
        string[] files = parsed.GetValue(Files) is { Length: > 0 } named ? named : ["-"];
        using Stream output = Console.OpenStandardOutput();
        using BufferedStream buffered = new(output, 1 << 16);
        if (parsed.GetValue(GlobalOptions.Json))
            WriteJson(buffered, Lines(files, cancellation), tokenizer, policy);
        else
            WriteText(buffered, Lines(files, cancellation), tokenizer, policy);
        return 0;
    }

    static void WriteJson(Stream output, IEnumerable<byte[]> lines, ITokenizer tokenizer, SpecialTokens policy)
    {
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteStartArray("ids");
        foreach (byte[] line in lines)
        {
            json.WriteStartArray();
            foreach (int id in Ids(line, tokenizer, policy))
                json.WriteNumberValue(id);
            json.WriteEndArray();
            if (json.BytesPending > 1 << 16)
                json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    static void WriteText(Stream output, IEnumerable<byte[]> lines, ITokenizer tokenizer, SpecialTokens policy)
    {
        using StreamWriter text = new(output, leaveOpen: true) { NewLine = "\n" };
        foreach (byte[] line in lines)
            text.WriteLine(string.Join(' ', Ids(line, tokenizer, policy)));
    }

    static int[] Ids(byte[] line, ITokenizer tokenizer, SpecialTokens policy)
    {
        int[] ids = new int[tokenizer.MaxTokens(line.Length)];
        ids = ids[..tokenizer.Encode(line, ids, policy)];
        IPostProcessor? around = policy == SpecialTokens.Parse ? (tokenizer as ComposedTokenizer)?.Model.PostProcessor : null;
        return around is null ? ids : [.. around.Before, .. ids, .. around.After];
    }

    static IEnumerable<byte[]> Lines(string[] files, CancellationToken cancellation)
    {
        foreach (string file in files)
        {
            using Stream stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            foreach (byte[] line in ByteLines.Of(stream))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
            }
        }
    }
}
