using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Cria.Data.Tokenizers.Composition;

namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's compiled rules as Hugging Face's tokenizers apply them ("Precompiled"): to a user-perceived character
/// of less than six bytes as a whole, else to each of its code points; and of several rules the shortest.
/// </summary>
public sealed record CharacterMapNormalizer(CharacterMap Map) : INormalizer
{
    const int LongestWhole = 5;

    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder rewritten = new(text.Length);
        List<byte> bytes = [];
        for (int i = 0; i < text.Length;)
        {
            int length = StringInfo.GetNextTextElementLength(text, i);
            ReadOnlySpan<char> element = text.AsSpan(i, length);
            i += length;
            EscapedText.ToUtf8(element, bytes);
            if (bytes.Count <= LongestWhole && TryRewrite(bytes, rewritten))
                continue;
            while (element.Length > 0)
            {
                Rune.DecodeFromUtf16(element, out _, out int point);
                EscapedText.ToUtf8(element[..point], bytes);
                if (!TryRewrite(bytes, rewritten))
                    rewritten.Append(element[..point]);
                element = element[point..];
            }
        }
        return rewritten.ToString();
    }

    public long MaxBytes(long utf8Bytes) => Map.MaxBytes(utf8Bytes);

    bool TryRewrite(List<byte> bytes, StringBuilder rewritten)
    {
        if (!Map.TryShortestPrefix(CollectionsMarshal.AsSpan(bytes), out ReadOnlySpan<byte> text))
            return false;
        rewritten.Append(EscapedText.FromUtf8(text)); // a damaged map may write what is not UTF-8
        return true;
    }
}
