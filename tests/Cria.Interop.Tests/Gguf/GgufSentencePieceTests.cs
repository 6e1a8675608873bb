using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Gguf;

public sealed class GgufSentencePieceTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tokenizer_comes_back_the_same_and_pads_up_to_the_embedding()
    {
        var model = Pieces();
        using var checkpoint = CheckpointFormats.Open(Written(model, model.Pieces.Count + 2));
        var read = Assert.IsType<SentencePieceTokenizer>(checkpoint.Contents.Tokenizer).Model;
        Assert.Equal(model.Pieces, read.Pieces);
        Assert.Equal(model with { Pieces = [] }, read with { Pieces = [] });
        Assert.Equal((1, 2), (checkpoint.Contents.Specials.BeginOfText, checkpoint.Contents.Specials.EndOfText));
        using var file = new GgufFile(_folder["model.gguf"]);
        Assert.Equal("llama", file.Metadata.Text("tokenizer.ggml.model"));
        Assert.Equal([2, 3, 3, 6], file.Metadata.Numbers<int>("tokenizer.ggml.token_type")[..4]);
        Assert.True(file.Metadata.Flag("tokenizer.ggml.add_space_prefix"));
        Assert.True(file.Metadata.Flag("tokenizer.ggml.add_bos_token"));
    }

    [Fact]
    public void What_llama_cpp_would_cut_otherwise_is_refused()
    {
        foreach (var (model, said) in ((SentencePieceModel, string)[])
        [
            (Pieces() with { Kind = SegmentationKind.Unigram }, "unigram"), (Pieces() with { RemoveExtraWhitespaces = true }, "removes spaces"),
            (Pieces() with { EscapeWhitespaces = false }, "keeps spaces"), (Pieces() with { ByteFallback = false }, "no pieces for bytes"),
        ])
            Assert.Contains(said, Assert.Throws<CheckpointException>(() => Written(model, 300)).Message);
    }

    [Theory]
    [InlineData("tok512.bin", "stories260K.gguf"), InlineData("stories260K.gguf", "stories260K.bin")]
    public void Two_files_of_one_tokenizer_have_the_same_pieces_and_ids(string one, string other)
    {
        var (a, b) = (Opened(one), Opened(other));
        Assert.Equal(a.Model.Pieces, b.Model.Pieces);
        foreach (string text in (string[])["Once upon a time", "  Ünïcödé\n\n42", ""])
            Assert.Equal(a.Encode(text), b.Encode(text));
        Assert.Equal([403, 407, 261, 378], a.Encode("Once upon a time"));
    }

    [Fact]
    public void A_mark_beyond_the_vocabulary_is_none()
    {
        Piece[] pieces = [.. Pieces().Pieces];
        var metadata = new GgufMetadataWriter();
        metadata.Add("tokenizer.ggml.model", "llama");
        metadata.AddArray("tokenizer.ggml.tokens", [.. pieces.Select(piece => System.Text.Encoding.UTF8.GetBytes(piece.Text))]);
        metadata.AddArray<float>("tokenizer.ggml.scores", [.. pieces.Select(piece => piece.Score)]);
        metadata.AddArray<int>("tokenizer.ggml.token_type", [.. pieces.Select(piece => (int)piece.Type)]);
        metadata.Add("tokenizer.ggml.bos_token_id", (1UL << 32) + 1); // 1 in the 32 bits that are left of it
        metadata.Add("tokenizer.ggml.eos_token_id", -1);
        TinyLlama.Write(_folder["far.gguf"], metadata, pieces.Length);
        using var checkpoint = CheckpointFormats.Open(_folder["far.gguf"]);
        Assert.Null(checkpoint.Contents.Tokenizer!.BeginOfText);
        Assert.Null(checkpoint.Contents.Tokenizer.EndOfText);
    }

    [Theory]
    [InlineData("scores", "scores and"), InlineData("types", "types of tokens"), InlineData("type 9", "type 9"), InlineData("score", "scores are finite")]
    public void A_damaged_tokenizer_is_one_sentence_with_the_file(string damage, string said)
    {
        var model = Pieces();
        Piece[] pieces = [.. model.Pieces];
        if (damage == "type 9")
            pieces[260] = pieces[260] with { Type = (PieceType)9 };
        if (damage == "score")
            pieces[260] = pieces[260] with { Score = float.NaN };
        string path = _folder["damaged.gguf"];
        var metadata = new GgufMetadataWriter();
        metadata.Add("tokenizer.ggml.model", "llama");
        metadata.AddArray("tokenizer.ggml.tokens", [.. pieces.Select(piece => System.Text.Encoding.UTF8.GetBytes(piece.Text))]);
        metadata.AddArray<float>("tokenizer.ggml.scores", [.. pieces.Skip(damage == "scores" ? 1 : 0).Select(piece => piece.Score)]);
        metadata.AddArray<int>("tokenizer.ggml.token_type", [.. pieces.Skip(damage == "types" ? 1 : 0).Select(piece => (int)piece.Type)]);
        TinyLlama.Write(path, metadata, pieces.Length);
        using var checkpoint = CheckpointFormats.Open(path);
        string message = Assert.Throws<DataException>(() => checkpoint.Contents).Message;
        Assert.Contains(said, message);
        Assert.StartsWith(path, message);
    }

    static SentencePieceModel Pieces() => new()
    {
        Pieces =
        [
            new("<unk>", 0, PieceType.Unknown), new("<s>", 0, PieceType.Control), new("</s>", 0, PieceType.Control),
            .. Enumerable.Range(0, 256).Select(b => new Piece($"<0x{b:X2}>", 0, PieceType.Byte)),
            new("\u2581a", -0f), new("ab", -1), new("\u2581ab", -2), new("é", -3.5f), new("<tool>", -4, PieceType.UserDefined),
            .. "\u2581ab".Select((c, i) => new Piece(c.ToString(), -5 - i)),
        ],
        BeginOfText = 1,
        EndOfText = 2,
    };

    static SentencePieceTokenizer Opened(string name)
    {
        string path = Path.Combine(TestData.Root, "checkpoints", name);
        TestData.Need(path);
        if (name.StartsWith("tok", StringComparison.Ordinal))
            return Interop.Llama2c.Llama2cTokenizer.Read(path, 512);
        using var checkpoint = CheckpointFormats.Open(path);
        return Assert.IsType<SentencePieceTokenizer>(checkpoint.Contents.Tokenizer);
    }

    string Written(SentencePieceModel pieces, int vocabSize)
    {
        string path = _folder["model.gguf"];
        File.Delete(path);
        using var model = MadeModel.Of(MadeModel.Llama with { VocabSize = vocabSize });
        CheckpointFormats.Write(GgufFormat.Instance, path, model, new() { Tokenizer = new SentencePieceTokenizer(pieces) }, new());
        return path;
    }
}
