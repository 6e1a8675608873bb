using System.Globalization;
using System.Text;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Models;

namespace Cria.Interop.HuggingFace;

/// <summary>
/// The canonical text: fixed order of keys, two spaces, "\n", tokens by id, merges as "a b" (which old and new
/// libraries read), and only the escapes that JSON demands. Written by hand, as a library may change its escapes.
/// </summary>
sealed class TokenizerJsonWriter(BpeTokenizer tokenizer)
{
    readonly BpeModel _model = tokenizer.Model;
    readonly StringBuilder _text = new();

    public string Text()
    {
        _text.Append("{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n");
        AddedTokens();
        string prefix = Bool(_model.AddPrefixSpace);
        _text.Append("  \"normalizer\": null,\n  \"pre_tokenizer\": ").Append(PreTokenizer()).Append(",\n");
        _text.Append("  \"post_processor\": null,\n  \"decoder\": ").Append(ByteLevel(prefix, "true")).Append(",\n");
        _text.Append("  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n    \"unk_token\": null,\n");
        _text.Append("    \"continuing_subword_prefix\": null,\n    \"end_of_word_suffix\": null,\n");
        _text.Append("    \"fuse_unk\": false,\n    \"byte_fallback\": false,\n");
        if (_model.IgnoreMerges)
            _text.Append("    \"ignore_merges\": true,\n");
        Vocabulary();
        Merges();
        return _text.Append("  }\n}\n").ToString();
    }

    /// <summary>tokenizer_config.json: the marks by name, each its own or, as in GPT-2, one for all.</summary>
    public static string Config(ITokenizer tokenizer, int? maxTokens)
    {
        StringBuilder text = new("{\n");
        if (tokenizer is BpeTokenizer bytes)
            text.Append("  \"add_prefix_space\": ").Append(Bool(bytes.Model.AddPrefixSpace)).Append(",\n");
        int? unknown = tokenizer switch
        {
            BpeTokenizer => tokenizer.EndOfText,
            ComposedTokenizer { Model.Model: CharacterBpeModel model } => model.UnknownId,
            ComposedTokenizer { Model.Model: UnigramModel model } => model.UnknownId,
            _ => null,
        };
        foreach ((string role, int? id) in (ReadOnlySpan<(string, int?)>)
            [("bos_token", tokenizer.BeginOfText), ("eos_token", tokenizer.EndOfText), ("unk_token", unknown)])
            if (id is { } mark)
                text.Append("  \"").Append(role).Append("\": ")
                    .Append(Quoted(Encoding.UTF8.GetString(tokenizer.TokenBytes(mark)))).Append(",\n");
        text.Append("  \"clean_up_tokenization_spaces\": false,\n");
        if (maxTokens is { } longest)
            text.Append("  \"model_max_length\": ").Append(Number(longest)).Append(",\n");
        return text.Append("  \"tokenizer_class\": \"PreTrainedTokenizerFast\"\n}\n").ToString();
    }

    void AddedTokens()
    {
        _text.Append("  \"added_tokens\": [");
        for (int i = 0; i < _model.SpecialIds.Count; i++)
        {
            int id = _model.SpecialIds[i];
            _text.Append(i == 0 ? "\n" : ",\n");
            _text.Append("    {\n      \"id\": ").Append(Number(id));
            _text.Append(",\n      \"content\": ").Append(Quoted(Encoding.UTF8.GetString(_model.Tokens[id])));
            foreach (string flag in (ReadOnlySpan<string>)["single_word", "lstrip", "rstrip", "normalized"])
                _text.Append(",\n      \"").Append(flag).Append("\": false");
            _text.Append(",\n      \"special\": true\n    }");
        }
        _text.Append(_model.SpecialIds.Count == 0 ? "],\n" : "\n  ],\n");
    }

    string PreTokenizer()
    {
        string prefix = Bool(_model.AddPrefixSpace);
        return _model.Splitter switch
        {
            Gpt2Splitter => ByteLevel(prefix, "true"),
            WholeTextSplitter => ByteLevel(prefix, "false"),
            _ when _model.AddPrefixSpace => throw new DataException(
                "A tokenizer.json can add a prefix space only with GPT-2's words; turn AddPrefixSpace off."),
            _ => "{\n    \"type\": \"Sequence\",\n    \"pretokenizers\": [\n      {\n        \"type\": \"Split\",\n"
                + $"        \"pattern\": {{ \"Regex\": {Quoted(_model.Splitter.Pattern)} }},\n"
                + "        \"behavior\": \"Isolated\",\n        \"invert\": false\n      },\n      "
                + ByteLevel(prefix, "false") + "\n    ]\n  }",
        };
    }

    static string ByteLevel(string addPrefixSpace, string useRegex) =>
        "{ \"type\": \"ByteLevel\", \"add_prefix_space\": " + addPrefixSpace
        + ", \"trim_offsets\": true, \"use_regex\": " + useRegex + " }";

    void Vocabulary()
    {
        _text.Append("    \"vocab\": {");
        for (int id = 0; id < _model.Tokens.Count; id++)
            _text.Append(id == 0 ? "\n      " : ",\n      ")
                .Append(Quoted(Printed(id))).Append(": ").Append(Number(id));
        _text.Append("\n    },\n");
    }

    void Merges()
    {
        _text.Append("    \"merges\": [");
        for (int i = 0; i < _model.Merges.Count; i++)
            _text.Append(i == 0 ? "\n      " : ",\n      ")
                .Append(Quoted($"{Printed(_model.Merges[i].Left)} {Printed(_model.Merges[i].Right)}"));
        _text.Append(_model.Merges.Count == 0 ? "]\n" : "\n    ]\n");
    }

    string Printed(int id) => tokenizer.IsSpecial(id)
        ? Encoding.UTF8.GetString(_model.Tokens[id])
        : ByteCharacters.Print(_model.Tokens[id]);

    static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                < ' ' => quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        return quoted.Append('"').ToString();
    }

    static string Bool(bool value) => value ? "true" : "false";

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
