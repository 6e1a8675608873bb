using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;

namespace Cria.Data.Shards.Foreign;

/// <summary>
/// Packs documents into token files for other programs, by way of shards in <c>OUT.parts</c>: so a packing that was stopped, however
/// that happened, goes on where it was, in any format.
/// </summary>
public sealed class TokenFilePacker
{
    readonly TokenFileFormat _format;
    readonly ShardPacker _packer;
    readonly long? _tokensPerFile;

    /// <summary>A packer for one format and one tokenizer.</summary>
    /// <param name="format">What is written.</param>
    /// <param name="tokenizer">Turns texts into ids; it must have an end of text.</param>
    /// <param name="tokenizerSha256">SHA-256 of its canonical tokenizer.json: 64 lower-case hexadecimal digits.</param>
    /// <param name="threads">Threads to work on; 0 for one a core.</param>
    /// <param name="tokensPerFile">Ids in a full file, where there are several; null for what is usual.</param>
    /// <exception cref="DataException">The tokenizer has no end of text.</exception>
    public TokenFilePacker(
        TokenFileFormat format, ITokenizer tokenizer, string tokenizerSha256, int threads = 0, long? tokensPerFile = null)
    {
        (_format, _tokensPerFile) = (format, tokensPerFile);
        _packer = new ShardPacker(tokenizer, tokenizerSha256, threads) { KeepsJournal = true };
    }

    /// <summary>Packs files into a folder of token files, which is there whole or not at all.</summary>
    /// <param name="reader">The files.</param>
    /// <param name="split">Decides each document's side; null: all is for training.</param>
    /// <param name="folder">Must not exist yet, or be empty; the files are called as it is.</param>
    /// <param name="cancellation">Asks it to stop; asked for the same again it goes on.</param>
    /// <exception cref="DataException">The folder has content, the disk is full, there is no document, or something else lies where
    /// the packing works.</exception>
    public PackReport PackFiles(
        DocumentReader reader, CorpusSplit? split, string folder, CancellationToken cancellation = default)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        using var parts = new PackParts(folder + ".parts", split is not null);
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            // An earlier run may have been killed between giving the folder its name and clearing up.
            if (_packer.FindFinished(reader, split, parts.Training) is not { } finished || !IsMadeOf(folder, finished.Sets))
                throw new DataException($"{folder} exists already; nothing is written over it: remove it or name another folder.");
            parts.Remove();
            return finished;
        }

        PackReport report = split is null
            ? _packer.PackFiles(reader, parts.Training, cancellation)
            : _packer.PackFiles(reader, split, parts.Training, parts.Validation!, cancellation);
        using (ShardSet training = ShardSet.Open(parts.Training))
        using (ShardSet? validation = split is null ? null : ShardSet.Open(parts.Validation!))
        {
            TokenFileExport.WriteFolder(
                _format, folder, Path.GetFileName(folder), training, validation, _tokensPerFile, cancellation);
        }

        parts.Remove();
        return report;
    }

    bool IsMadeOf(string folder, IReadOnlyList<ShardManifest> sets)
    {
        UnreadSet[] streams = [.. sets.Select(set => new UnreadSet(folder, set))];
        List<TokenFilePlan> plans = TokenFilePlan.Of(
            _format, Path.GetFileName(folder), streams[0], streams.ElementAtOrDefault(1), _tokensPerFile);
        return Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Count() == plans.Count
            && plans.TrueForAll(plan => new FileInfo(Path.Combine(folder, plan.Name)) is { Exists: true } file
                && file.Length == plan.Length);
    }
}
