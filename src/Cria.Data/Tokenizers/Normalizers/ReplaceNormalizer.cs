using System.Text;

namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>Puts the same content in the place of every match.</summary>
public sealed record ReplaceNormalizer(TextPattern Pattern, string Content) : INormalizer
{
    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Pattern.Literal is { } literal)
            return text.Replace(literal, Content, StringComparison.Ordinal);
        StringBuilder? replaced = null;
        int copied = 0;
        foreach ((int start, int length) in Pattern.Matches(text))
        {
            (replaced ??= new StringBuilder()).Append(text, copied, start - copied).Append(Content);
            copied = start + length;
        }
        return replaced is null ? text : replaced.Append(text, copied, text.Length - copied).ToString();
    }

    public long MaxBytes(long utf8Bytes)
    {
        int content = Encoding.UTF8.GetByteCount(Content);
        if (Pattern.Literal is null)
            return utf8Bytes + (utf8Bytes + 1) * content; // it may match nothing between any two characters
        int literal = Encoding.UTF8.GetByteCount(Pattern.Literal);
        return utf8Bytes + utf8Bytes / literal * Math.Max(0, content - literal);
    }
}
