using System.Text;
using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Interop.SentencePiece;

namespace Cria.Interop.Tests.SentencePiece;

/// <summary>Real .model files by other people, against ids that SentencePiece's own program gave.</summary>
public sealed class SentencePieceFileTests : IDisposable
{
    static readonly Lazy<SentencePieceTokenizer> LazyLlama2 = new(() => SentencePieceFile.Read(Data("tokenizers", "llama2", "tokenizer.model")));

    readonly string _folder = Directory.CreateTempSubdirectory("cria-sentencepiece-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Llama_2_gives_the_known_ids_of_the_golden_texts_and_the_texts_again()
    {
        SentencePieceTokenizer llama = Llama2();
        Assert.Equal(32000, llama.VocabSize);
        Assert.Equal((1, 2), (llama.BeginOfText, llama.EndOfText));
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Needed("tokenizers", "golden.json")));
        foreach (JsonElement entry in golden.RootElement.EnumerateArray())
        {
            string text = entry.GetProperty("text").GetString()!;
            int[] ids = [.. entry.GetProperty("llama2_no_bos").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(ids, llama.Encode(text));
            Assert.Equal(text, llama.Decode(ids));
            Assert.Equal(text, llama.Decode([1, .. ids, 2], showsSpecial: false));
        }
    }

    [Fact]
    public void Arbitrary_bytes_come_back_through_llama_2()
    {
        SentencePieceTokenizer llama = Llama2();
        Random random = new(5);
        for (int length = 0; length < 600; length++)
        {
            byte[] text = new byte[length];
            random.NextBytes(text);
            int[] ids = new int[llama.MaxTokens(length)];
            Assert.Equal(text, llama.DecodeBytes(ids.AsSpan(0, llama.Encode(text, ids))));
        }
    }

    [Fact]
    public void Forty_languages_come_back_through_llama_2()
    {
        SentencePieceTokenizer llama = Llama2();
        string text = File.ReadAllText(Needed("multilingual", "udhr_40.txt"));
        Assert.Equal(text, llama.Decode(llama.Encode(text)));
    }

    [Fact]
    public void A_megabyte_of_one_word_is_no_trap()
    {
        SentencePieceTokenizer llama = Llama2();
        foreach (string text in (string[])[new string('a', 1 << 20), new string(' ', 1 << 20), new string('中', 1 << 18)])
            Assert.Equal(text, llama.Decode(llama.Encode(text)));
    }

    [Fact]
    public void Botchans_lines_give_the_known_pieces()
    {
        SentencePieceTokenizer unigram = SentencePieceFile.Read(Needed("sentencepiece", "test_model.model"));
        Assert.Equal(SegmentationKind.Unigram, unigram.Model.Kind);
        string[] lines = File.ReadAllLines(Needed("sentencepiece", "botchan_first200.txt"), new UTF8Encoding(false));
        string[] expected = File.ReadAllLines(Needed("sentencepiece", "botchan_first200.test_model.id.txt"));
        string[] pieces = File.ReadAllLines(Needed("sentencepiece", "botchan_first200.test_model.piece.txt"));
        Assert.Equal(200, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            string text = i == 0 && lines[0][0] != '\uFEFF' ? '\uFEFF' + lines[0] : lines[i]; // the reader of lines eats the mark
            int[] ids = unigram.Encode(text);
            Assert.Equal(expected[i], string.Join(' ', ids));
            foreach ((string piece, int id) in pieces[i].Split(' ').Zip(ids))
                Assert.True(id == 0 || unigram.Model.Pieces[id].Text == piece, $"line {i}: {piece} is not {id}");
        }
    }

    [Fact]
    public void A_japanese_novel_comes_back_but_for_its_spaces_and_unknown_characters()
    {
        SentencePieceTokenizer japanese = SentencePieceFile.Read(Needed("sentencepiece", "test_ja_model.model"));
        int compared = 0;
        foreach (string line in File.ReadLines(Needed("sentencepiece", "wagahaiwa_nekodearu.txt")).Take(500))
        {
            string text = line.Trim();
            int[] ids = japanese.Encode(text);
            if (ids.Contains(0) || text.Contains(' ', StringComparison.Ordinal))
                continue;
            string normal = Cria.Data.Unicode.UnicodeNormalization.Nfkc(text);
            Assert.Equal(normal, japanese.Decode(ids));
            compared++;
        }
        Assert.True(compared > 100, $"only {compared} lines were compared");
    }

    [Theory]
    [InlineData("", "has no pieces")]
    [InlineData("0A 03 0A 01 61", "neither byte fallback nor an unknown")]
    [InlineData("0A 7F 0A 01 61", "only 3 left")]
    [InlineData("0A FF FF FF FF FF FF FF FF FF FF 01", "more than ten bytes")]
    [InlineData("0B", "wire type 3")]
    [InlineData("02 00", "the number 0")]
    [InlineData("08 01", "wire type 0 instead of 2")]
    [InlineData("0A 03 0A 01 FF", "not UTF-8")]
    [InlineData("0A 07 0A 05 3C 30 78 34 31 0A 02 18 06", "of the type 'byte' but named ''")]
    [InlineData("0A 05 15 00 00 C0 7F", "finite")]
    [InlineData("0A 02 18 07", "types are 1 to 6")]
    [InlineData("0A 02 18 02 12 02 18 03", "model type 3")]
    [InlineData("0A 02 18 02 12 03 C0 01 01", "treat_whitespace_as_suffix")]
    [InlineData("0A 02 18 02 1A 03 12 01 00", "character map")]
    public void What_is_damaged_is_refused_in_one_sentence_with_the_file(string hex, string words)
    {
        string path = Path.Combine(_folder, "damaged.model");
        File.WriteAllBytes(path, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        string message = Assert.Throws<DataException>(() => SentencePieceFile.Read(path)).Message;
        Assert.Contains(words, message);
        Assert.StartsWith(path, message);
    }

    static SentencePieceTokenizer Llama2()
    {
        Needed("tokenizers", "llama2", "tokenizer.model");
        return LazyLlama2.Value;
    }

    static string Data(params string[] parts) => Path.Combine([TestData.Root, .. parts]);

    static string Needed(params string[] parts)
    {
        TestData.Need(Data(parts));
        return Data(parts);
    }
}
