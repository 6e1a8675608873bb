using System.Text;

namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>Puts something before every text that is not empty, such as Llama 2's "▁".</summary>
public sealed record PrependNormalizer(string Prefix) : INormalizer
{
    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? text : Prefix + text;
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes + Encoding.UTF8.GetByteCount(Prefix);
}
