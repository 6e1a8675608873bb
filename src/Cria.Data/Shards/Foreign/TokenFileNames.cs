using System.IO.Enumeration;

namespace Cria.Data.Shards.Foreign;

/// <summary>From what a person names to token files, sorted by name.</summary>
static class TokenFileNames
{
    const string Ending = ".bin";

    public static bool Has(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*" + Ending).Any()
        : path.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>Files that are one stream.</summary>
    /// <exception cref="DataException">There is none, or training and validation would be one stream.</exception>
    public static string[] Of(string path)
    {
        string[] files = All(path);
        string? training = Array.Find(files, file => Path.GetFileName(file).Contains("train", StringComparison.Ordinal));
        string? validation = Array.Find(files, file => Path.GetFileName(file).Contains("val", StringComparison.Ordinal));
        if (training is not null && validation is not null && training != validation)
        {
            throw new DataException($"{path} holds training and validation ({Path.GetFileName(training)}, " +
                $"{Path.GetFileName(validation)}); name one of them, such as *train*.bin.");
        }

        return files;
    }

    /// <summary>All of them.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static string[] All(string path)
    {
        if (File.Exists(path))
            return [path];
        (string folder, string pattern) = Directory.Exists(path)
            ? (path, "*" + Ending)
            : (Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".", Path.GetFileName(path));
        bool isPattern = pattern.AsSpan().ContainsAny('*', '?');
        if (!Directory.Exists(folder) || !isPattern)
        {
            throw new DataException($"{path} does not exist; name a token file, a folder of .bin files or a pattern such as " +
                "tokens_train_*.bin.");
        }

        string[] files = [.. Directory.GetFiles(folder)
            .Where(file => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file), ignoreCase: false))
            .Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new DataException($"{path} names no file of tokens; name a token file, a folder of .bin files or a pattern.");
        return files;
    }
}
