using Cria.Cli.Runs;
using Cria.Data.Shards.Foreign;
using Cria.Interop;

namespace Cria.Cli.Verbs;

/// <summary>What <c>cria inspect</c> says of token files of other programs.</summary>
static class TokenFileFacts
{
    public static Dictionary<string, object?> Of(string path, string? tokenizer)
    {
        if (tokenizer is not null)
            return OfStream(path, tokenizer);
        TokenFileSummary summary = TokenFileSummary.Of(path);
        Dictionary<string, object?> facts = OfFiles(summary);
        facts["vocab_size"] = null;
        facts["documents"] = null;
        facts["note"] = summary.HasHeader
            ? "the files do not say what made them; --tokenizer counts the documents"
            : "without a header: two bytes an id are assumed, as up to a vocabulary of 65,536; --tokenizer tells, and counts the documents";
        return facts;
    }

    static Dictionary<string, object?> OfStream(string path, string tokenizer)
    {
        using var set = (TokenFileSet)TokenStreams.Open(path, TokenizerFile.Open(tokenizer).ToTrainWith());
        Dictionary<string, object?> facts = OfFiles(TokenFileSummary.Of(path, set.Options.VocabSize));
        facts["vocab_size"] = set.Options.VocabSize;
        facts["end_of_text"] = set.Options.EndOfText;
        facts["documents"] = set.CountDocuments();
        facts["tokenizer_sha256"] = set.Options.TokenizerSha256;
        return facts;
    }

    static Dictionary<string, object?> OfFiles(TokenFileSummary summary) => new()
    {
        ["kind"] = "token files",
        ["format"] = summary.Format,
        ["tokens"] = summary.Tokens,
        ["files"] = summary.Files,
        ["bytes_per_token"] = summary.BytesPerToken,
        ["bytes"] = summary.Bytes,
    };
}
