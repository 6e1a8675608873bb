using System.Globalization;
using System.Text;

namespace Cria.Data.Readers.Formats;

/// <summary>The inside of a JSON string whose escapes are known to be well formed (RFC 8259, section 7).</summary>
static class JsonString
{
    /// <summary>Unescapes UTF-8 to UTF-8 where it stands; half a surrogate pair becomes U+FFFD.</summary>
    /// <returns>The length of the text, never more than before.</returns>
    public static int UnescapeInPlace(Span<byte> raw, out int loneSurrogates)
    {
        loneSurrogates = 0;
        int read = raw.IndexOf((byte)'\\');
        if (read < 0)
            return raw.Length;

        int written = read;
        while (read < raw.Length)
        {
            byte letter = raw[read + 1];
            read += 2;
            if (letter == 'u')
                written += Unicode(raw, ref read, raw[written..], ref loneSurrogates);
            else
                raw[written++] = Plain(letter);

            int run = raw[read..].IndexOf((byte)'\\');
            if (run < 0)
                run = raw.Length - read;
            raw.Slice(read, run).CopyTo(raw[written..]);
            written += run;
            read += run;
        }

        return written;
    }

    static byte Plain(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => letter, // the quote, the slash and the backslash stand for themselves
    };

    static int Unicode(ReadOnlySpan<byte> raw, ref int read, Span<byte> free, ref int loneSurrogates)
    {
        char unit = Unit(raw[read..]);
        read += 4;
        if (!char.IsSurrogate(unit))
            return new Rune(unit).EncodeToUtf8(free);
        if (char.IsHighSurrogate(unit) && raw[read..].StartsWith("\\u"u8) && Unit(raw[(read + 2)..]) is var low
            && char.IsLowSurrogate(low))
        {
            read += 6;
            return new Rune(unit, low).EncodeToUtf8(free);
        }

        loneSurrogates++;
        return Rune.ReplacementChar.EncodeToUtf8(free);
    }

    static char Unit(ReadOnlySpan<byte> digits) =>
        (char)ushort.Parse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
