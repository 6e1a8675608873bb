using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.SentencePieces;

namespace Cria.Data.Tests.Tokenizers.SentencePieces;

public sealed class SentencePieceTokenizerTests
{
    [Fact]
    public void The_greatest_score_merges_first_and_of_equals_the_leftmost()
    {
        SentencePieceTokenizer tokenizer = new(Model(("▁", -9), ("a", -9), ("b", -9), ("ab", -2), ("ba", -1), ("aa", -3), ("bb", -3)));
        Assert.Equal(["▁", "a", "ba"], Pieces(tokenizer, "aba"));
        Assert.Equal(["▁", "aa", "a"], Pieces(tokenizer, "aaa"));
        Assert.Equal(["▁", "ab", "bb"], Pieces(tokenizer, "abbb"));
    }

    [Fact]
    public void Pieces_merge_even_where_their_parts_are_no_pieces()
    {
        SentencePieceTokenizer tokenizer = new(Model(("▁", -9), ("xy", -1), ("xyz", -2)));
        Assert.Equal(["▁", "xyz"], Pieces(tokenizer, "xyz"));
        Assert.Equal(["▁", "<0x78>", "xyz", "<0x7A>"], Pieces(tokenizer, "xxyzz"));
    }

    [Fact]
    public void An_unused_piece_is_taken_apart_again()
    {
        SentencePieceModel model = Model(("▁", -9), ("a", -9), ("b", -9), ("ab", -1), ("abb", -2));
        Piece[] pieces = [.. model.Pieces.Select(piece => piece.Text == "ab" ? piece with { Type = PieceType.Unused } : piece)];
        SentencePieceTokenizer tokenizer = new(model with { Pieces = pieces });
        Assert.Equal(["▁", "a", "b"], Pieces(tokenizer, "ab"));
        Assert.Equal(["▁", "abb"], Pieces(tokenizer, "abb"));
    }

    [Theory]
    [InlineData(SegmentationKind.Bpe), InlineData(SegmentationKind.Unigram)]
    public void A_user_defined_piece_is_cut_out_whole_and_never_merges(SegmentationKind kind)
    {
        SentencePieceModel model = Model(("▁", -2), ("a", -3), ("b", -3), ("ab", -1), ("a<x>", -1)) with { Kind = kind };
        SentencePieceTokenizer tokenizer = new(model with { Pieces = [.. model.Pieces, new Piece("<x>", 0, PieceType.UserDefined)] });
        Assert.Equal(["▁", "a", "<x>", "ab"], Pieces(tokenizer, "a<x>ab"));
        Assert.Equal("a<x>ab", tokenizer.Decode(tokenizer.Encode("a<x>ab")));
    }

    [Fact]
    public void The_most_probable_division_wins()
    {
        SentencePieceModel model = Model(("▁", -1), ("a", -3), ("b", -3), ("ab", -5), ("abab", -12)) with { Kind = SegmentationKind.Unigram };
        SentencePieceTokenizer tokenizer = new(model);
        Assert.Equal(["▁", "ab", "ab"], Pieces(tokenizer, "abab"));
        Assert.Equal(["▁", "b", "ab", "<0x63>"], Pieces(tokenizer, "babc"));
    }

    [Fact]
    public void Neighbouring_unknown_characters_are_one_piece()
    {
        SentencePieceModel model = new()
        {
            Pieces = [new("<unk>", 0, PieceType.Unknown), new("▁", -1), new("a", -1)],
            ByteFallback = false,
        };
        foreach (SegmentationKind kind in Enum.GetValues<SegmentationKind>())
        {
            SentencePieceTokenizer tokenizer = new(model with { Kind = kind });
            Assert.Equal([1, 0, 2, 0], tokenizer.Encode("中文a!"));
            Assert.Equal(" ⁇ a ⁇ ", tokenizer.Decode([1, 0, 2, 0]));
        }
    }

    [Fact]
    public void Superfluous_spaces_go_where_the_model_says_so()
    {
        SentencePieceModel model = Model(("▁", -1), ("a", -1), ("b", -1)) with { RemoveExtraWhitespaces = true };
        SentencePieceTokenizer tokenizer = new(model);
        Assert.Equal(["▁", "a", "▁", "b"], Pieces(tokenizer, "  a   b "));
        Assert.Equal("a b", tokenizer.Decode(tokenizer.Encode("  a   b ")));
        Assert.Empty(tokenizer.Encode("   "));
    }

    [Fact]
    public void Only_the_space_that_encoding_adds_goes_in_decoding()
    {
        SentencePieceTokenizer tokenizer = new(Model(("▁", -1), ("▁▁", -1), ("a", -1)));
        foreach (string text in (string[])["a", " a", "  a", " ", "a ", ""])
        {
            int[] ids = tokenizer.Encode(text);
            Assert.Equal(text, tokenizer.Decode(ids));
            StreamingDecoder streaming = new(tokenizer);
            Assert.Equal(text, string.Concat(ids.Select(streaming.Next)));
            StreamingDecoder continuing = new(tokenizer, continues: true);
            Assert.Equal(text.Length == 0 ? "" : " " + text, string.Concat(ids.Select(continuing.Next)));
        }
    }

    [Fact]
    public void A_mark_is_made_from_text_only_where_it_is_asked_for()
    {
        SentencePieceModel model = Model(("▁", -1), ("a", -1));
        SentencePieceTokenizer tokenizer = new(model with { Pieces = [.. model.Pieces, new Piece("</s>", 0, PieceType.Control)] });
        int end = tokenizer.VocabSize - 1;
        Assert.DoesNotContain(end, tokenizer.Encode("a</s>"));
        Assert.Equal(end, tokenizer.Encode("a</s>", SpecialTokens.Parse)[^1]);
        Assert.True(tokenizer.IsSpecial(end));
    }

    [Fact]
    public void A_model_that_contradicts_itself_is_refused()
    {
        void Refused(SentencePieceModel model, string words) =>
            Assert.Contains(words, Assert.Throws<DataException>(() => new SentencePieceTokenizer(model)).Message);

        SentencePieceModel good = Model(("a", -1));
        Refused(good with { Pieces = [] }, "no pieces");
        Refused(good with { Pieces = [new Piece("a", 0)] }, "no piece <0x00>");
        Refused(good with { Pieces = [new Piece("a", 0)], ByteFallback = false }, "neither byte fallback nor an unknown");
        Refused(good with { Pieces = [.. good.Pieces, new Piece("b", float.NaN)] }, "scores are finite");
        Refused(good with { Pieces = [.. good.Pieces, new Piece("x", 0, PieceType.Byte)] }, "expected <0x00>");
        Refused(good with { Pieces = [.. good.Pieces, new Piece(new string('a', 2000), 0)] }, "2000 bytes");
        Refused(good with { EndOfText = 9999 }, "mark 9999");
    }

    static SentencePieceModel Model(params (string Text, float Score)[] pieces) => new()
    {
        Pieces =
        [
            .. Enumerable.Range(0, 256).Select(b => new Piece($"<0x{b:X2}>", 0, PieceType.Byte)),
            .. pieces.Select(piece => new Piece(piece.Text, piece.Score)),
        ],
    };

    static string[] Pieces(SentencePieceTokenizer tokenizer, string text) =>
        [.. tokenizer.Encode(text).Select(id => tokenizer.Model.Pieces[id].Text)];
}
