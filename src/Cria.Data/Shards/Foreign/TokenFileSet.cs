using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cria.Data.Sampling;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Shards.Foreign;

/// <summary>
/// Token files of other programs read as one stream: headerless ids, llm.c's, FineWeb shards, NumPy's arrays, lit-gpt's packed data
/// (docs/shards.md).
/// Some put EndOfText before a document and some behind it; the stream has it on both sides: where the files do not
/// begin or end with one, it is added. All members may be called from many threads.
/// </summary>
public sealed class TokenFileSet : ITokenStream, IDisposable
{
    const int Samples = 64, SampleBytes = 4096;

    readonly TokenFiles _files;
    readonly bool _opens, _closes; // whether EndOfText is added there
    readonly ScannedIndex _index;

    TokenFileSet(string name, TokenFiles files, string format, TokenFileOptions options, string hash)
    {
        (Name, _files, Format, Options, ManifestHash) = (name, files, format, options, hash);
        if (files.Tokens == 0)
            throw new DataException($"{name} holds no token; name files with tokens.");
        _opens = At(0) != options.EndOfText;
        _closes = At(files.Tokens - 1) != options.EndOfText || (files.Tokens == 1 && !_opens);
        Tokens = files.Tokens + (_opens ? 1 : 0) + (_closes ? 1 : 0);
        _index = new ScannedIndex(this, options.EndOfText, null);
    }

    /// <summary>The file, folder or pattern as it was named.</summary>
    public string Name { get; }

    /// <summary>The files' format: <c>bin</c>, <c>llmc</c>, <c>npy</c> or <c>litpkds</c>.</summary>
    public string Format { get; }

    /// <summary>What was said of the files.</summary>
    public TokenFileOptions Options { get; }

    /// <summary>How many files.</summary>
    public int Files => _files.Count;

    /// <summary>Ids in the stream, the EndOfText that was added included.</summary>
    public long Tokens { get; }

    /// <summary>Ids in the files, without the EndOfText that only fills a file up.</summary>
    public long StoredTokens => _files.Tokens;

    /// <summary>Stands for the data: SHA-256 over each file's name, length, and 64 pieces of 4 KB spread evenly over it. To read
    /// it all would take minutes at every start.</summary>
    public string ManifestHash { get; }

    int ITokenStream.VocabSize => Options.VocabSize;

    int? ITokenStream.EndOfText => Options.EndOfText;

    long? ITokenStream.Documents => null;

    string? ITokenStream.TokenizerSha256 => Options.TokenizerSha256;

    /// <summary>Whether a path looks like such files: a file or pattern that ends in <c>.bin</c> or <c>.npy</c>, a folder with one in
    /// it.</summary>
    public static bool Has(string path) => TokenFileNames.Has(path);

    /// <summary>Opens a file, the <c>.bin</c> and <c>.npy</c> files of a folder or the files of a pattern, sorted by name.</summary>
    /// <exception cref="DataException">There is no file, or one contradicts itself.</exception>
    public static TokenFileSet Open(string path, TokenFileOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.VocabSize, 1);
        if (options.EndOfText < 0 || options.EndOfText >= options.VocabSize)
            throw new DataException($"{options.EndOfText} is no id of a vocabulary of {options.VocabSize}; name the right <|endoftext|>.");
        TokenFiles? files = null;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string? format = null;
        int width = TokenBytes.Width(options.VocabSize);
        try
        {
            foreach (string file in TokenFileNames.Of(path))
            {
                (ITokenFileFormat found, SafeFileHandle handle, TokenFileLayout layout) = OpenOne(file, width);
                files ??= new TokenFiles(options.VocabSize, layout.BytesPerToken);
                long tokens = found.IsFilledUp ? WithoutFilling(file, handle, layout, options.EndOfText) : layout.Tokens;
                files.Add(file, handle, layout.Start, tokens);
                if (files.BytesPerToken != layout.BytesPerToken || (format ??= found.Name) != found.Name)
                {
                    throw new DataException($"{file} is {found.Name} with {layout.BytesPerToken} bytes an id, and the files before " +
                        $"it are {format} with {files.BytesPerToken}; name files of one kind.");
                }

                Sample(hash, file, handle);
            }

            return new TokenFileSet(path, files!, format!, options, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            files?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<int> tokens)
    {
        if (offset < 0 || offset > Tokens - tokens.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"{tokens.Length} tokens from there do not lie inside the {Tokens} of {Name}");
        }

        if (tokens.IsEmpty)
            return;
        if (_opens && offset-- == 0)
        {
            tokens[0] = Options.EndOfText;
            tokens = tokens[1..];
            offset = 0;
        }

        if (offset + tokens.Length > _files.Tokens)
        {
            tokens[^1] = Options.EndOfText;
            tokens = tokens[..^1];
        }

        if (!tokens.IsEmpty)
            _files.Read(offset, tokens);
    }

    /// <summary>How many documents there are; the first time everything is read for it.</summary>
    public long CountDocuments() => _index.Documents;

    /// <summary>Closes the files.</summary>
    public void Dispose() => _files.Dispose();

    internal static (ITokenFileFormat Format, SafeFileHandle Handle, TokenFileLayout Layout) OpenOne(string path, int bytesPerToken)
    {
        SafeFileHandle handle = OpenedFile.Open(path);
        try
        {
            long length = RandomAccess.GetLength(handle);
            var beginning = new byte[Math.Min(length, 1024)];
            OpenedFile.Fill(handle, path, 0, beginning);
            ITokenFileFormat format = ITokenFileFormat.Of(beginning);
            return (format, handle, format.Layout(path, beginning, length, bytesPerToken));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // Of the EndOfText at the end of a file one may close a document; the others only fill the file up.
    static long WithoutFilling(string path, SafeFileHandle handle, TokenFileLayout layout, int endOfText)
    {
        int width = layout.BytesPerToken;
        var piece = new byte[SampleBytes];
        byte[] end = new byte[width];
        TokenBytes.Write([endOfText], end);
        for (long tokens = layout.Tokens; tokens > 0;)
        {
            int count = (int)Math.Min(tokens, SampleBytes / width);
            OpenedFile.Fill(handle, path, layout.Start + (tokens - count) * width, piece.AsSpan(0, count * width));
            for (; count > 0; count--, tokens--)
            {
                if (!piece.AsSpan((count - 1) * width, width).SequenceEqual(end))
                    return Math.Min(tokens + 1, layout.Tokens);
            }
        }

        return Math.Min(1, layout.Tokens);
    }

    static void Sample(IncrementalHash hash, string path, SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        var bytes = new byte[SampleBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
        hash.AppendData(bytes, 0, sizeof(long));
        for (int sample = 0; sample < Samples; sample++)
        {
            long position = (long)((UInt128)Math.Max(length - SampleBytes, 0) * (UInt128)sample / (Samples - 1));
            Span<byte> piece = bytes.AsSpan(0, (int)Math.Min(SampleBytes, length - position));
            OpenedFile.Fill(handle, path, position, piece);
            hash.AppendData(piece);
            if (length <= SampleBytes)
                break;
        }
    }

    int At(long position)
    {
        Span<int> id = [0];
        _files.Read(position, id);
        return id[0];
    }
}
