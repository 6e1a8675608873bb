using System.Diagnostics;
using System.Globalization;
using System.Text;
using Cria.Data.Unicode;

namespace Cria.Data.Tests.Unicode;

public sealed class UnicodeNormalizationTests
{
    [Theory]
    [InlineData("plain", "plain", "plain")]
    [InlineData("", "", "")]
    [InlineData("e\u0301", "\u00e9", "\u00e9")] // a mark joins its letter
    [InlineData("xe\u0301x", "x\u00e9x", "x\u00e9x")]
    [InlineData("\u212b", "\u00c5", "\u00c5")] // the ångström sign is a letter
    [InlineData("\ufb01n", "\ufb01n", "fin")] // a ligature only in NFKC
    [InlineData("\uff21\u2026\u00a0x\u00b2", "\uff21\u2026\u00a0x\u00b2", "A... x2")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")] // marks in order
    [InlineData("a\u0323\u0302", "\u1ead", "\u1ead")] // two marks, one letter
    [InlineData("\u1112\u1161\u11ab", "\ud55c", "\ud55c")] // Hangul from its parts
    [InlineData("\ud55c\uae00", "\ud55c\uae00", "\ud55c\uae00")]
    [InlineData("\u0958", "\u0915\u093c", "\u0915\u093c")] // excluded from composition
    [InlineData("\ud834\udd5e", "\ud834\udd57\ud834\udd65", "\ud834\udd57\ud834\udd65")] // above the basic plane
    [InlineData("\ufdfa", "\ufdfa",
        "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064a\u0647 \u0648\u0633\u0644\u0645")]
    public void Known_texts_take_their_known_forms(string text, string nfc, string nfkc)
    {
        Assert.Equal(nfc, UnicodeNormalization.Nfc(text));
        Assert.Equal(nfkc, UnicodeNormalization.Nfkc(text));
        Assert.Equal(nfc, UnicodeNormalization.Nfc(text.AsSpan()));
        Assert.Equal(nfkc, UnicodeNormalization.Nfkc(text.AsSpan()));
    }

    [Fact]
    public void Text_in_the_form_already_comes_back_as_the_same_object()
    {
        foreach (string text in new[] { "ASCII only", "caf\u00e9, \u4e2d\u6587, \ud83d\ude00", "e\ud800x" })
            Assert.Same(text, UnicodeNormalization.Nfkc(text));
    }

    [Fact]
    public void Lone_surrogates_pass_through()
    {
        Assert.Equal("\udc00\u00e9\ud800", UnicodeNormalization.Nfc("\udc00e\u0301\ud800"));
    }

    [Fact]
    public void Half_a_million_marks_on_one_letter_are_ordered()
    {
        var text = new StringBuilder("q");
        for (int i = 0; i < 500_000; i++)
            text.Append(i % 2 == 0 ? '\u0307' : '\u0323');
        string found = UnicodeNormalization.Nfc(text.ToString());
        Assert.Equal('\u0323', found[250_000]);
        Assert.Equal('\u0307', found[250_001]);
    }

    [Fact]
    public void Unicode_s_own_conformance_test_passes_whole()
    {
        string? test = ConformanceTest();
        Assert.SkipUnless(test is not null, "Unicode's NormalizationTest.txt is not installed (Debian: unicode-data)");
        var tested = new HashSet<int>();
        int lines = 0;
        bool inPartOne = false;
        foreach (string line in test.Split('\n'))
        {
            if (line.StartsWith('@'))
                inPartOne = line.StartsWith("@Part1", StringComparison.Ordinal);
            if (line.Length == 0 || line[0] is '#' or '@')
                continue;

            string[] columns = [.. line.Split(';').Take(5).Select(Decode)];
            if (inPartOne)
                tested.Add(char.ConvertToUtf32(columns[0], 0));
            for (int c = 0; c < 5; c++)
            {
                Same(columns[c < 3 ? 1 : 3], UnicodeNormalization.Nfc(columns[c]), line);
                Same(columns[3], UnicodeNormalization.Nfkc(columns[c]), line);
                Same(columns[c < 3 ? 2 : 4], UnicodeNormalization.Nfd(columns[c]), line);
                Same(columns[4], UnicodeNormalization.Nfkd(columns[c]), line);
            }

            lines++;
        }

        Assert.True(lines > 18_000, $"only {lines} lines were found");
        for (int point = 0; point <= 0x10FFFF; point++)
        {
            if (point is >= 0xD800 and < 0xE000 || tested.Contains(point))
                continue;
            string text = char.ConvertFromUtf32(point); // what part 1 does not list stands for itself
            Same(text, UnicodeNormalization.Nfc(text), $"{point:X4}");
            Same(text, UnicodeNormalization.Nfkc(text), $"{point:X4}");
        }
    }

    static void Same(string expected, string found, string line)
    {
        if (expected != found)
            Assert.Fail($"{string.Join(' ', found.Select(c => $"{(int)c:X4}"))} for {line}");
    }

    static string Decode(string column) =>
        string.Concat(column.Split(' ').Select(hex =>
            char.ConvertFromUtf32(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    static string? ConformanceTest()
    {
        const string Plain = "/usr/share/unicode/NormalizationTest.txt";
        if (File.Exists(Plain))
            return File.ReadAllText(Plain);
        if (!File.Exists(Plain + ".bz2"))
            return null;
        try
        {
            using Process unpack = Process.Start(
                new ProcessStartInfo("bzip2", ["-dc", Plain + ".bz2"]) { RedirectStandardOutput = true })!;
            string text = unpack.StandardOutput.ReadToEnd();
            unpack.WaitForExit();
            return unpack.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no bzip2
        }
    }
}
