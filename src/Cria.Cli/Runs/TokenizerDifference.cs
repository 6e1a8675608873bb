using System.Text;
using Cria.Data.Tokenizers;
using Cria.Reports;

namespace Cria.Cli.Runs;

/// <summary>In what two tokenizers differ, in words, for whoever took them for one.</summary>
static class TokenizerDifference
{
    public static string Of(ITokenizer one, ITokenizer other) => $"{First(one, other)} ({Human.Percent(Share(one, other))} of the smaller " +
        "vocabulary stands in both)";

    /// <summary>The share of the tokens of the smaller vocabulary that stand in the other one for the same bytes.</summary>
    public static double Share(ITokenizer one, ITokenizer other)
    {
        (one, other) = one.VocabSize <= other.VocabSize ? (one, other) : (other, one);
        HashSet<string> larger = [.. Tokens(other)];
        return Tokens(one).Count(larger.Contains) / (double)one.VocabSize;
    }

    static string First(ITokenizer one, ITokenizer other)
    {
        if (one.VocabSize != other.VocabSize)
            return $"the one has {one.VocabSize:N0} tokens, the other {other.VocabSize:N0}";
        for (int id = 0; id < one.VocabSize; id++)
            if (!one.TokenBytes(id).SequenceEqual(other.TokenBytes(id)))
                return $"token {id:N0} is '{Shown(one, id)}' in the one and '{Shown(other, id)}' in the other";
        return "they have the same tokens, and cut text into them in different ways";
    }

    // Marks apart from text that spells their names.
    static IEnumerable<string> Tokens(ITokenizer tokenizer)
    {
        for (int id = 0; id < tokenizer.VocabSize; id++)
            yield return (tokenizer.IsSpecial(id) ? "mark " : "text ") + Convert.ToHexString(tokenizer.TokenBytes(id));
    }

    static string Shown(ITokenizer tokenizer, int id)
    {
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(tokenizer.TokenBytes(id)).EnumerateRunes())
            text.Append(Rune.IsControl(rune) ? $"\\u{rune.Value:x4}" : rune.ToString());
        return text.ToString();
    }
}
