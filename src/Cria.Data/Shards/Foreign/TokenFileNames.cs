using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Cria.Data.Shards.Foreign;

/// <summary>From what a person names to token files, sorted by name.</summary>
static partial class TokenFileNames
{
    static readonly string[] Endings = [".bin", ".npy"];

    public static bool Has(string path) => Directory.Exists(path) ? Directory.EnumerateFiles(path).Any(HasEnding) : HasEnding(path);

    /// <summary>Files that are one stream.</summary>
    /// <exception cref="DataException">There is none, or training and validation would be one stream.</exception>
    public static string[] Of(string path)
    {
        string[] files = All(path);
        if (files.Length == 1)
            return files;
        string? training = Array.Find(files, file => Training.IsMatch(Path.GetFileName(file)));
        string? validation = Array.Find(files, file => Validation.IsMatch(Path.GetFileName(file)));
        if (training is not null && validation is not null)
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
            ? (path, "*")
            : (Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".", Path.GetFileName(path));
        if (!Directory.Exists(folder))
        {
            throw new DataException($"{path} does not exist; name a token file, a folder of .bin or .npy files or a pattern such as " +
                "tokens_train_*.bin.");
        }

        string[] files = [.. Directory.GetFiles(folder)
            .Where(file => pattern == "*"
                ? HasEnding(file)
                : FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file), ignoreCase: false))
            .Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new DataException($"{path} names no file of tokens; name a token file, a folder of .bin or .npy files or a pattern.");
        return files;
    }

    static bool HasEnding(string path) => Endings.Contains(Path.GetExtension(path));

    // Parts of the name and not letters in it: "medieval" is no validation.
    [GeneratedRegex(@"(^|[_.-])train(ing)?[_.-]", RegexOptions.CultureInvariant)]
    static partial Regex Training { get; }

    [GeneratedRegex(@"(^|[_.-])val(id|idation)?[_.-]", RegexOptions.CultureInvariant)]
    static partial Regex Validation { get; }
}
