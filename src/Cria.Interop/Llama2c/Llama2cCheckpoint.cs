using System.Runtime.InteropServices;
using System.Text;
using Cria.Data;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Interop.HuggingFace.TokenizerParts;
using Cria.Models;
using Microsoft.Win32.SafeHandles;

namespace Cria.Interop.Llama2c;

/// <summary>An opened llama2.c file.</summary>
sealed class Llama2cCheckpoint : Checkpoint
{
    readonly Llama2cHeader _header;
    readonly SafeFileHandle _file;
    CheckpointContents? _contents;

    public Llama2cCheckpoint(string path)
    {
        Path = path;
        _header = Llama2cHeader.Read(path) ?? throw new CheckpointException($"{path} does not begin as a llama2.c file does.");
        if (_header.Version > 1)
            throw new CheckpointException($"{path} is of llama2.c's version {_header.Version}{(_header.Version == 2 ? ", whose weights are int8 (Q8_0)" : "")}; versions 0 (legacy) and 1, both F32, can be read, so export it anew with --version 1.");
        if (_header.Version < 0 || !_header.CanBe)
            throw new CheckpointException($"{path} begins as llama2.c's version {_header.Version} with sizes that do not fit each other: dim {_header.Dim}, hidden_dim {_header.HiddenDim}, n_layers {_header.Layers}, n_heads {_header.Heads}, n_kv_heads {_header.KeyValueHeads}, vocab_size {_header.VocabSize}, max_seq_len {_header.Context}; it is damaged, fetch it again.");
        _file = File.OpenHandle(path);
        try
        {
            long length = RandomAccess.GetLength(_file);
            if (length != _header.FileBytes)
                throw new CheckpointException($"{path} has {length:N0} bytes, and its head makes {_header.FileBytes:N0}; it is cut or damaged, fetch it again.");
            ContextClaim.Check(path, _header.Context, _header.HeadSize, length);
            Config.Validate();
        }
        catch (Exception e)
        {
            _file.Dispose();
            if (e is ConfigException)
                throw new CheckpointException($"{path}: {e.Message}");
            throw;
        }
    }

    public override string Path { get; }

    public override ModelConfig Config => _header.Config;

    /// <summary>With the tokenizer that lies beside the file: tokenizer.bin, or tok512.bin where the model has 512 tokens.</summary>
    public override CheckpointContents Contents => _contents ??= ReadContents();

    public override long WeightBytes => _header.FileBytes - _header.Length;

    public override long WeightNumbers => WeightBytes / sizeof(float);

    public override string WeightTypes => "F32";

    public override void Load(ILanguageModel model, Action<long>? loaded = null, CancellationToken cancellation = default)
    {
        var stream = new WeightStream(loaded, cancellation);
        long offset = _header.Length;
        foreach (var tensor in Llama2cLayout.Of(_header, model))
        {
            if (tensor is null)
            {
                offset += (long)_header.Context * (_header.HeadSize / 2) * 2 * sizeof(float);
                continue;
            }
            stream.Load(tensor, (first, numbers) => Read(offset + first * sizeof(float), MemoryMarshal.AsBytes(numbers)));
            offset += tensor.Shape.Length * sizeof(float);
        }
    }

    CheckpointContents ReadContents()
    {
        var contents = new CheckpointContents { Name = System.IO.Path.GetFileNameWithoutExtension(Path) };
        if (TokenizerBeside() is not { } tokenizer)
            return contents;
        var files = new Dictionary<string, byte[]>
        {
            [TokenizerJson.FileName] = TokenizerJson.CanonicalBytes(tokenizer),
            [TokenizerMarks.FileName] = Encoding.UTF8.GetBytes(TokenizerJsonWriter.Config(tokenizer, _header.Context)),
        };
        var specials = new SpecialIds(tokenizer.BeginOfText, tokenizer.EndOfText, Unknown: 0);
        return contents with { Files = files, Tokenizer = tokenizer, Specials = specials };
    }

    // An export writes tokenizer.bin; in llama2.c's own folder that one is Llama's, and a smaller model's has its size in its name.
    SentencePieceTokenizer? TokenizerBeside()
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        string usual = System.IO.Path.Combine(folder, Llama2cTokenizer.FileName);
        string sized = System.IO.Path.Combine(folder, $"tok{_header.VocabSize}.bin");
        if (!File.Exists(sized))
            return File.Exists(usual) ? Llama2cTokenizer.Read(usual, _header.VocabSize) : null;
        try
        {
            return Llama2cTokenizer.Read(File.Exists(usual) ? usual : sized, _header.VocabSize);
        }
        catch (DataException) when (File.Exists(usual))
        {
            return Llama2cTokenizer.Read(sized, _header.VocabSize);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    void Read(long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int count = RandomAccess.Read(_file, bytes, offset);
            if (count == 0)
                throw new CheckpointException($"{Path} ends at byte {offset:N0}; it was cut while it was read.");
            bytes = bytes[count..];
            offset += count;
        }
    }
}
