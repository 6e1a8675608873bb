using System.Text.RegularExpressions;

namespace Cria.Data.Shards;

/// <summary>What the files of a shard set are called: only such files are ever cleared away.</summary>
static partial class SetNames
{
    /// <summary>Whether a file of this name can be of a set, finished or not.</summary>
    public static bool Include(string name) =>
        name is ShardManifest.FileName or ShardManifest.FileName + ".new" || Numbered.IsMatch(name);

    [GeneratedRegex(@"^[0-9]{5,}\.(bin|idx)\z", RegexOptions.CultureInvariant)]
    static partial Regex Numbered { get; }
}
