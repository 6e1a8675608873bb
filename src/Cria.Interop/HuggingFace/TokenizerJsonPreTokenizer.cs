using System.Text.Json;
using Cria.Data.Tokenizers;

namespace Cria.Interop.HuggingFace;

/// <summary>The pre_tokenizer: ByteLevel alone, or a Split by a pattern that we know and then ByteLevel.</summary>
static class TokenizerJsonPreTokenizer
{
    public static (IWordSplitter Splitter, bool AddPrefixSpace) Read(string path, JsonElement root)
    {
        if (TokenizerJsonFields.Part(root, "pre_tokenizer") is not { } part)
            throw TokenizerJsonFields.Unsupported(path, "pre_tokenizer", "null");
        string? type = TokenizerJsonFields.Text(part, "type");
        if (type == "ByteLevel")
        {
            IWordSplitter splitter = TokenizerJsonFields.Flag(part, "use_regex", absent: true)
                ? Gpt2Splitter.Instance
                : WholeTextSplitter.Instance;
            return (splitter, AddsPrefixSpace(part));
        }
        JsonElement[] parts = [.. TokenizerJsonFields.Array(path, part, "pretokenizers")];
        bool isSplitThenBytes = type == "Sequence" && parts.Length == 2
            && TokenizerJsonFields.Text(parts[0], "type") == "Split"
            && TokenizerJsonFields.Text(parts[1], "type") == "ByteLevel"
            && !TokenizerJsonFields.Flag(parts[1], "use_regex", absent: true);
        if (!isSplitThenBytes)
            throw TokenizerJsonFields.Unsupported(path, "pre_tokenizer", type ?? "without a type");
        if (AddsPrefixSpace(parts[1]))
            throw TokenizerJsonFields.Unsupported(path, "add_prefix_space after", "Split");
        return (Split(path, parts[0]), false);
    }

    static IWordSplitter Split(string path, JsonElement split)
    {
        string pattern = TokenizerJsonFields.Part(split, "pattern") is { } part
            ? TokenizerJsonFields.Text(part, "Regex") ?? ""
            : "";
        bool isolates = TokenizerJsonFields.Text(split, "behavior") == "Isolated"
            && !TokenizerJsonFields.Flag(split, "invert");
        foreach (IWordSplitter known in (ReadOnlySpan<IWordSplitter>)[Gpt2Splitter.Instance, Llama3Splitter.Instance])
            if (isolates && known.Pattern == pattern)
                return known;
        throw TokenizerJsonFields.Unsupported(path, "Split by", pattern);
    }

    static bool AddsPrefixSpace(JsonElement byteLevel) =>
        TokenizerJsonFields.Flag(byteLevel, "add_prefix_space", absent: true);
}
