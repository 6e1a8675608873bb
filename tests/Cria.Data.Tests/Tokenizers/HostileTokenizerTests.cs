using System.Buffers.Binary;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tests.Tokenizers;

/// <summary>Models that a damaged or hostile file may describe: refused when made, or harmless.</summary>
public sealed class HostileTokenizerTests
{
    static readonly ReplaceNormalizer Multiplies = new(TextPattern.OfLiteral("a"), new string('a', 256));

    [Fact]
    public void Decoders_that_multiply_a_token_are_refused() =>
        Refused("more than 32768 characters", Model("a") with { Decoder = Sequence(4) });

    [Fact]
    public void A_decoder_that_multiplies_every_token_is_refused()
    {
        string[] tokens = [.. Enumerable.Repeat(new string('a', 128), 1025)];
        Refused("characters of the vocabulary", Model(tokens) with { Decoder = Sequence(1) });
        Assert.Equal(1024, new ComposedTokenizer(Model(tokens[1..]) with { Decoder = Sequence(1) }).VocabSize);
    }

    [Theory]
    [InlineData(7, false), InlineData(8, true), InlineData(30, true), InlineData(40, true)]
    public void Pre_tokenizers_that_multiply_a_text_are_refused(int parts, bool isRefused)
    {
        PreTokenizerSequence sequence = new([.. Enumerable.Repeat(new ByteLevelPreTokenizer(false, false), parts)]);
        Assert.True(sequence.MaxBytes(int.MaxValue) >= int.MaxValue);
        if (isRefused)
            Refused("The pre-tokenizer can make", Model("a") with { PreTokenizer = sequence });
        else
            Assert.Equal(1, new ComposedTokenizer(Model("a") with { PreTokenizer = sequence }).VocabSize);
    }

    [Theory]
    [InlineData("a"), InlineData("aa")]
    public void Normalizers_that_multiply_a_text_are_refused(string literal)
    {
        ReplaceNormalizer multiplies = new(TextPattern.OfLiteral(literal), new string('a', 256));
        Refused("The normalizer can make", Model("a") with { Normalizer = new NormalizerSequence([.. Enumerable.Repeat(multiplies, 6)]) });
    }

    [Fact]
    public void Tokens_longer_than_any_are_refused_when_the_tokenizer_is_made()
    {
        string endless = new('a', 1025);
        Refused("1025 bytes", new ComposedModel { Model = new UnigramModel { Tokens = ["?", endless], Scores = [0, -1], UnknownId = 0 } });
        Refused("1025 bytes", new ComposedModel { Model = new WordPieceModel { Tokens = ["?", endless], UnknownId = 0 } });
        Refused("1025 bytes", Model("a") with { AddedTokens = [new AddedToken(1, endless)] });
    }

    [Fact]
    public void A_token_that_takes_white_space_along_is_found_in_much_of_it()
    {
        const int Length = 1 << 20;
        ComposedTokenizer tokenizer = new(Model("a") with { AddedTokens = [new AddedToken(1, " ") { StripsLeft = true }] });
        Assert.Equal(Enumerable.Repeat(1, Length), tokenizer.Encode(new string(' ', Length)));
    }

    [Fact]
    public void A_token_takes_the_white_space_before_it_along_up_to_another_token()
    {
        AddedToken[] added = [new(1, "<x>"), new(2, "<y>") { StripsLeft = true }];
        ComposedTokenizer tokenizer = new(Model(" ") with { AddedTokens = added });
        Assert.Equal([0, 0, 1, 2, 2], tokenizer.Encode("  <x> \u3000\t<y><y>"));
    }

    [Fact]
    public void A_rule_that_is_reached_by_keys_of_two_lengths_grows_as_the_shorter_one()
    {
        CharacterMap map = new(TwoKeys());
        Assert.True(map.TryLongestPrefix("zmx"u8, out int deep, out _) && deep == 3);
        Assert.True(map.TryLongestPrefix("ax"u8, out int length, out ReadOnlySpan<byte> rewritten));
        Assert.Equal((2, 100), (length, rewritten.Length));
        Assert.True(rewritten.Length <= map.MaxBytes(length), $"{rewritten.Length} bytes, at most {map.MaxBytes(length)} expected");
    }

    [Fact]
    public void A_rule_that_writes_no_utf8_keeps_to_the_greatest_length()
    {
        byte[] compiled = TwoKeys();
        compiled.AsSpan(^101..^1).Fill(0xFF);
        CharacterMapNormalizer normalizer = new(new CharacterMap(compiled));
        byte[] normal = EscapedText.ToUtf8(normalizer.Normalize("ax"));
        Assert.True(normal.Length <= normalizer.MaxBytes(2), $"{normal.Length} bytes, at most {normalizer.MaxBytes(2)} expected");
    }

    [Theory]
    [InlineData(false, 256), InlineData(true, 255)]
    public void A_unigram_model_that_has_nothing_for_some_text_is_refused(bool byteFallback, int bytes)
    {
        string[] tokens = [.. Enumerable.Range(0, bytes).Select(b => $"<0x{b:X2}>")];
        UnigramModel unigram = new() { Tokens = tokens, Scores = new double[bytes], ByteFallback = byteFallback };
        Refused("neither an unknown piece nor byte fallback", new ComposedModel { Model = unigram });
    }

    [Fact]
    public void Bytes_alone_are_a_unigram_model()
    {
        string[] tokens = [.. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>")];
        UnigramModel unigram = new() { Tokens = tokens, Scores = new double[256], ByteFallback = true };
        Assert.Equal([0xC3, 0xA9], new ComposedTokenizer(new ComposedModel { Model = unigram }).Encode("é"));
    }

    [Fact]
    public void Letters_in_circles_and_squares_are_word_characters()
    {
        List<TextPiece> words = [];
        new WordPreTokenizer().Split(new TextPiece("aⒶⓩ🄰🅉🅐🅩🅰🆉\u200D_ ☃🆊 ⒵", true), words);
        Assert.Equal(["aⒶⓩ🄰🅉🅐🅩🅰🆉\u200D_", "☃🆊", "⒵"], words.Select(word => word.Text));
    }

    static void Refused(string words, ComposedModel model)
    {
        string message = Assert.Throws<DataException>(() => new ComposedTokenizer(model)).Message;
        Assert.Contains(words, message);
        Assert.DoesNotContain("\n", message);
    }

    static ComposedModel Model(params string[] tokens) => new() { Model = new CharacterBpeModel { Tokens = tokens, Merges = [] } };

    static DecoderSequence Sequence(int count) => new([.. Enumerable.Repeat(new ReplaceDecoder(Multiplies), count)]);

    /// <summary>
    /// A map of two keys, "ax" and "zmx", whose last letter is one node: the units are a label, a bit for a leaf and the
    /// offset by which the next label lies away. They write 100 bytes.
    /// </summary>
    static byte[] TwoKeys()
    {
        const int Root = 0x100, AfterZ = 0x200, BeforeX = 0x300, Leaf = 0x380, HasLeaf = 1 << 8;
        uint[] units = new uint[Leaf + 1];
        Array.Fill(units, 0x8000_0000u); // no label at all; as a leaf, the first string
        units[0] = Root << 10;
        Link(Root, 'a', BeforeX, 0);
        Link(Root, 'z', AfterZ, 0);
        Link(AfterZ, 'm', BeforeX, 0);
        Link(BeforeX, 'x', Leaf, HasLeaf);
        byte[] compiled = new byte[4 + 4 * units.Length + 101];
        BinaryPrimitives.WriteInt32LittleEndian(compiled, 4 * units.Length);
        for (int i = 0; i < units.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(compiled.AsSpan(4 + 4 * i), units[i]);
        compiled.AsSpan(^101..^1).Fill((byte)'y');
        return compiled;

        void Link(int from, char label, int to, int flags) =>
            units[from ^ label] = (uint)(((from ^ label ^ to) << 10) | flags | label);
    }
}
