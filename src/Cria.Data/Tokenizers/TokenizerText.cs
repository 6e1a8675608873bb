using System.Buffers;
using System.Text;

namespace Cria.Data.Tokenizers;

/// <summary>The same conversions for whole strings, where a little garbage does not matter.</summary>
public static class TokenizerText
{
    /// <summary>The ids of a string; a lone surrogate becomes U+FFFD, as in every UTF-8 encoder.</summary>
    public static int[] Encode(
        this ITokenizer tokenizer, string text, SpecialTokens policy = SpecialTokens.AsText)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        int[] ids = ArrayPool<int>.Shared.Rent(tokenizer.MaxTokens(utf8.Length));
        try
        {
            return ids[..tokenizer.Encode(utf8, ids, policy)];
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ids);
        }
    }

    /// <summary>The bytes of all tokens, one after the other.</summary>
    /// <param name="tokenizer">What made the ids.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="showsSpecial">Whether special tokens appear by name; otherwise they are left out.</param>
    public static byte[] DecodeBytes(this ITokenizer tokenizer, ReadOnlySpan<int> ids, bool showsSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArrayBufferWriter<byte> bytes = new();
        bool opens = true;
        foreach (int id in ids)
        {
            if (!showsSpecial && tokenizer.IsSpecial(id))
                continue;
            bytes.Write(opens ? tokenizer.OpeningBytes(id) : tokenizer.TokenBytes(id));
            opens &= tokenizer.OpensUntilText && bytes.WrittenCount == 0;
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The text of the tokens; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <inheritdoc cref="DecodeBytes"/>
    public static string Decode(this ITokenizer tokenizer, ReadOnlySpan<int> ids, bool showsSpecial = true) =>
        Encoding.UTF8.GetString(tokenizer.DecodeBytes(ids, showsSpecial));
}
