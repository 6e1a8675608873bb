using System.Security.Cryptography;
using System.Text.Json;
using Cria.Data;
using Cria.Engine.Tensors;

namespace Cria.Training.Checkpoints;

/// <summary>
/// Folders that are whole or not there: filled under a temporary name, hashed, flushed with everything in them, then
/// renamed once, never over an existing one.
/// </summary>
public static class DurableFolder
{
    /// <summary>File name → sha256 of everything in the folder.</summary>
    public const string Hashes = "hashes.json";

    /// <param name="folder">The final name; it must not exist.</param>
    /// <param name="fill">Writes the files into the folder it is given.</param>
    /// <param name="makeRoom">Called when they are whole, before they take their final name, which may be another's until then; null
    /// where it must be free from the beginning.</param>
    /// <exception cref="CheckpointException">The disk did not take it, or there is something of that name.</exception>
    public static void Write(string folder, Action<string> fill, Action? makeRoom = null)
    {
        if (File.Exists(folder) || makeRoom is null && Directory.Exists(folder))
            throw new CheckpointException($"{folder} exists already and is not overwritten.");
        string temporary = folder + ".tmp";
        try
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            Directory.CreateDirectory(temporary);
            fill(temporary);
            var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (string file in Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories))
                hashes[Path.GetRelativePath(temporary, file).Replace('\\', '/')] = Hash(file, flush: true);
            string path = Path.Combine(temporary, Hashes);
            File.WriteAllText(path, JsonSerializer.Serialize(hashes, HashesJson.Default.SortedDictionaryStringString));
            Hash(path, flush: true);
            foreach (string inner in Directory.EnumerateDirectories(temporary, "*", SearchOption.AllDirectories))
                DurableFile.FlushFolder(inner);
            DurableFile.FlushFolder(temporary);
            makeRoom?.Invoke();
            Directory.Move(temporary, folder);
            DurableFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        }
        catch (Exception e)
        {
            Clear(temporary);
            if (e is IOException or UnauthorizedAccessException)
                throw Failure(folder, e);
            throw;
        }
    }

    /// <summary>Null if every file is there with the bytes that were written; else what is wrong, in one sentence.</summary>
    public static string? Damage(string folder)
    {
        string path = Path.Combine(folder, Hashes);
        if (!File.Exists(path))
            return $"{folder} has no {Hashes}; it was not written to its end.";
        try
        {
            var hashes = JsonSerializer.Deserialize(File.ReadAllText(path), HashesJson.Default.SortedDictionaryStringString) ?? [];
            if (hashes.Count == 0)
                return $"{path} is damaged: it names no files.";
            foreach (var (name, hash) in hashes)
            {
                string file = Path.GetFullPath(Path.Combine(folder, name));
                if (!file.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    return $"{path} is damaged: it names {name}, which lies outside the folder.";
                if (!File.Exists(file))
                    return $"{file} is missing.";
                if (Hash(file, flush: false) != hash)
                    return $"{file} is damaged: its sha256 is not the one recorded in {Hashes}.";
            }
            return null;
        }
        catch (JsonException e)
        {
            return $"{path} is damaged: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{folder} cannot be read: {e.Message.TrimEnd('.')}.";
        }
    }

    // What cannot be removed bears a temporary name; what went wrong first is what is told.
    static void Clear(string temporary)
    {
        try
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    internal static CheckpointException Failure(string folder, Exception e) =>
        new(DurableFile.IsForWantOfRoom(e)
        ? $"{folder} could not be written: the disk is full; free space there or choose another disk. What was saved before is untouched."
        : $"{folder} could not be written: {e.Message.TrimEnd('.')}; choose a folder that can be written.");

    static string Hash(string file, bool flush)
    {
        using var stream = new FileStream(file, FileMode.Open, flush ? FileAccess.ReadWrite : FileAccess.Read);
        string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (flush)
            stream.Flush(flushToDisk: true);
        return hash;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(SortedDictionary<string, string>))]
sealed partial class HashesJson : System.Text.Json.Serialization.JsonSerializerContext;
