using Cria.Data.Unicode;

namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>The normal forms of Unicode Standard Annex 15.</summary>
public enum UnicodeForm
{
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

/// <summary>One spelling for characters that are the same.</summary>
public sealed record UnicodeFormNormalizer(UnicodeForm Form) : INormalizer
{
    public string Normalize(string text) => Form switch
    {
        UnicodeForm.Nfc => UnicodeNormalization.Nfc(text),
        UnicodeForm.Nfd => UnicodeNormalization.Nfd(text),
        UnicodeForm.Nfkc => UnicodeNormalization.Nfkc(text),
        _ => UnicodeNormalization.Nfkd(text),
    };

    // Annex 15, table of worst-case expansion in UTF-8.
    public long MaxBytes(long utf8Bytes) => utf8Bytes * (Form is UnicodeForm.Nfc or UnicodeForm.Nfd ? 3 : 11);
}
