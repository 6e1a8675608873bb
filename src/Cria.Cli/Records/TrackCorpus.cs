using System.Security.Cryptography;
using Cria.Data;
using Cria.Training;

namespace Cria.Cli.Records;

/// <summary>The files that a track learns from and is measured on, after their bytes were checked.</summary>
/// <param name="Train">All of the training text, or the part that the track allows.</param>
/// <param name="Validation">The held-out text.</param>
sealed record TrackCorpus(string Train, string Validation)
{
    const string Variable = "CRIA_DATA";
    const int BufferBytes = 1 << 20;

    /// <summary>Finds and checks the texts.</summary>
    /// <param name="track">Of these tracks.</param>
    /// <param name="folder">Where a part of the training text is written, if the track takes one.</param>
    /// <exception cref="TrainingException">A text is not there, or not the one that the tracks name.</exception>
    public static TrackCorpus Open(TrackList tracks, Track track, string folder)
    {
        string train = Checked(tracks.Corpus.Train), validation = Checked(tracks.Corpus.Validation);
        return new(track.FirstBytes == 0 ? train : Part(train, track, folder), validation);
    }

    static string Checked(CorpusText text)
    {
        string path = Place(text.File);
        if (!File.Exists(path))
            throw new TrainingException($"{path} does not exist; put the corpus there, or let {Variable} name the folder in which {text.File} lies.");
        long bytes = new FileInfo(path).Length;
        if (bytes != text.Bytes)
            throw new TrainingException($"{path} has {bytes:N0} bytes, and the tracks' text has {text.Bytes:N0}; records are made on that text alone.");
        string hash = HashOf(path, text.Bytes);
        return hash == text.Sha256
            ? path
            : throw new TrainingException($"{path} has the sha256 {hash}, and the tracks' text has {text.Sha256}; records are made on that text alone.");
    }

    static string Place(string file) => Path.IsPathRooted(file) ? file
        : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } root ? Path.GetFullPath(file, Path.GetFullPath(root))
        : throw new TrainingException($"the environment variable {Variable} is not set; it names the folder in which {file} lies.");

    // Written once: a run that goes on finds the file as it was.
    static string Part(string train, Track track, string folder)
    {
        string path = Path.Combine(folder, "first.txt");
        if (File.Exists(path) && new FileInfo(path).Length == track.FirstBytes && HashOf(path, track.FirstBytes) == track.FirstSha256)
            return path;
        string hash = HashOf(train, track.FirstBytes);
        if (hash != track.FirstSha256)
            throw new TrainingException($"the first {track.FirstBytes:N0} bytes of {train} have the sha256 {hash}, and track {track.Name} names {track.FirstSha256}.");
        Directory.CreateDirectory(folder);
        DurableFile.Write(path, file =>
        {
            foreach (var block in Blocks(train, track.FirstBytes))
                file.Write(block.Span);
        });
        return path;
    }

    static string HashOf(string path, long bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var block in Blocks(path, bytes))
            hash.AppendData(block.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static IEnumerable<ReadOnlyMemory<byte>> Blocks(string path, long bytes)
    {
        using var file = File.OpenRead(path);
        byte[] buffer = new byte[BufferBytes];
        while (bytes > 0)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(bytes, BufferBytes));
            if (read == 0)
                throw new TrainingException($"{path} is shorter than the tracks say.");
            bytes -= read;
            yield return buffer.AsMemory(0, read);
        }
    }
}
