using System.Text;
using Cria.Data.Tokenizers;

namespace Cria.Cli.Runs;

/// <summary>In what two tokenizers differ, in words, for whoever took them for one.</summary>
static class TokenizerDifference
{
    public static string Of(ITokenizer one, ITokenizer other)
    {
        if (one.VocabSize != other.VocabSize)
            return $"the one has {one.VocabSize:N0} tokens, the other {other.VocabSize:N0}";
        for (int id = 0; id < one.VocabSize; id++)
            if (!one.TokenBytes(id).SequenceEqual(other.TokenBytes(id)))
                return $"token {id:N0} is '{Shown(one, id)}' in the one and '{Shown(other, id)}' in the other";
        return "they have the same tokens, and cut text into them in different ways";
    }

    static string Shown(ITokenizer tokenizer, int id)
    {
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(tokenizer.TokenBytes(id)).EnumerateRunes())
            text.Append(Rune.IsControl(rune) ? $"\\u{rune.Value:x4}" : rune.ToString());
        return text.ToString();
    }
}
