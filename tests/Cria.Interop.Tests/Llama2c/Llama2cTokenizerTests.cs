using System.Buffers.Binary;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Llama2c;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Llama2c;

public sealed class Llama2cTokenizerTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_name()
    {
        string path = Path.Combine(Path.GetTempPath(), "cria-absent-tokenizer.bin");
        Assert.StartsWith(path, Assert.Throws<DataException>(() => Llama2cTokenizer.Read(path, 32000)).Message);
    }

    [Fact]
    public void Llamas_own_file_is_read_and_written_to_the_byte()
    {
        string path = Path.Combine(TestData.Root, "tokenizers", "llama2", "tokenizer.bin");
        TestData.Need(path);
        var tokenizer = Llama2cTokenizer.Read(path, 32000);
        Assert.Equal(File.ReadAllBytes(path), Llama2cTokenizer.Written(tokenizer.Model, 32000));
        Assert.Equal([(int?)1, 2], [tokenizer.BeginOfText, tokenizer.EndOfText]);
        Assert.Equal("<s>", tokenizer.Model.Pieces[1].Text);
        Assert.Equal([15043, 3186], tokenizer.Encode("Hello world"));
    }

    [Fact]
    public void A_model_is_written_with_its_tokenizer_beside_it_and_opens_with_it()
    {
        string source = Path.Combine(TestData.Root, "checkpoints", "stories260K.gguf");
        TestData.Need(source);
        Export(source, "a.bin");
        Assert.Equal(File.ReadAllBytes(Path.Combine(TestData.Root, "checkpoints", "tok512.bin")), File.ReadAllBytes(_folder["tokenizer.bin"]));
        using var checkpoint = CheckpointFormats.Open(_folder["a.bin"]);
        Assert.Equal([403, 407, 261, 378], checkpoint.Contents.Tokenizer!.Encode("Once upon a time"));
        Export(source, "b.bin"); // the same tokenizer may lie there already
        File.WriteAllText(_folder["tokenizer.bin"], "another");
        Assert.Contains("not overwritten", Assert.Throws<CheckpointException>(() => Export(source, "c.bin")).Message);
        Assert.Equal("another", File.ReadAllText(_folder["tokenizer.bin"]));
        Assert.False(File.Exists(_folder["c.bin"]));
    }

    [Fact]
    public void The_tokenizer_of_an_export_is_read_before_one_with_the_size_in_its_name_unless_it_is_another_models()
    {
        SentencePieceModel exported = Pieces("ab"), sized = Pieces("xy");
        int count = exported.Pieces.Count;
        using var model = MadeModel.Of(MadeModel.Llama with { VocabSize = count });
        File.WriteAllBytes(_folder[$"tok{count}.bin"], Llama2cTokenizer.Written(sized, count)!);
        CheckpointFormats.Write(Llama2cFormat.Instance, _folder["a.bin"], model,
            new() { Tokenizer = new SentencePieceTokenizer(exported) }, new());
        Assert.Equal(exported.Pieces, Opened());
        File.WriteAllBytes(_folder["tokenizer.bin"], Llama2cTokenizer.Written(Pieces("abc"), count + 1)!);
        Assert.Equal(sized.Pieces, Opened());
        File.Delete(_folder["tokenizer.bin"]);
        Assert.Equal(sized.Pieces, Opened());

        IReadOnlyList<Piece> Opened()
        {
            using var checkpoint = CheckpointFormats.Open(_folder["a.bin"]);
            return Assert.IsType<SentencePieceTokenizer>(checkpoint.Contents.Tokenizer).Model.Pieces;
        }

        static SentencePieceModel Pieces(string letters) => new()
        {
            Pieces =
            [
                new("<unk>", 0, PieceType.Unknown), new("<s>", 0, PieceType.Control), new("</s>", 0, PieceType.Control),
                .. Enumerable.Range(0, 256).Select(b => new Piece($"<0x{b:X2}>", 0, PieceType.Byte)),
                .. letters.Select((letter, i) => new Piece(letter.ToString(), -i)),
            ],
            BeginOfText = 1,
            EndOfText = 2,
        };
    }

    [Fact]
    public void Other_tokenizers_are_left_out_and_the_weights_written()
    {
        var bytes = BpeTrainer.Train(["ab"u8.ToArray()], new() { VocabSize = 257 });
        using var model = MadeModel.Of(MadeModel.Llama with { VocabSize = 257 });
        CheckpointFormats.Write(Llama2cFormat.Instance, _folder["x.bin"], model, new() { Tokenizer = bytes }, new());
        Assert.Equal([_folder["x.bin"]], Directory.GetFiles(_folder.Root));
        using var checkpoint = CheckpointFormats.Open(_folder["x.bin"]);
        Assert.Null(checkpoint.Contents.Tokenizer);

        var pieces = new SentencePieceModel { Pieces = [new("<unk>", 0, PieceType.Unknown), new("a", 0)], ByteFallback = false };
        Assert.Null(Llama2cTokenizer.Written(pieces, 2));
    }

    [Fact]
    public void Lengths_that_lie_and_other_numbers_of_pieces_are_refused()
    {
        byte[] good = [7, 0, 0, 0, .. Enumerable.Range(0, 260).SelectMany(id => (byte[])[0, 0, 0, 0, 1, 0, 0, 0, (byte)'x'])];
        Refused("the model 261", good, 261);
        Refused("more than 259", good, 259);
        Refused("pieces", good[..3], 260);
        foreach (int length in (int[])[-1, int.MaxValue, int.MinValue, good.Length])
        {
            byte[] bytes = [.. good];
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + 4), length);
            Refused("piece 0", bytes, 260);
        }
        Refused("piece 259", good[..^1], 260);
        Refused("named 'x'", good, 260); // where a byte should be
    }

    void Refused(string said, byte[] bytes, int vocabSize)
    {
        File.WriteAllBytes(_folder["raw.bin"], bytes);
        string message = Assert.Throws<DataException>(() => Llama2cTokenizer.Read(_folder["raw.bin"], vocabSize)).Message;
        Assert.Contains(said, message);
        Assert.Contains("raw.bin", message);
    }

    void Export(string source, string name)
    {
        using var checkpoint = CheckpointFormats.Open(source);
        using var model = checkpoint.Model(CpuDevice.Instance);
        CheckpointFormats.Write(Llama2cFormat.Instance, _folder[name], model, checkpoint.Contents, new());
    }
}
