namespace Cria.Cli.Sweeps;

/// <summary>What people call a point of a sweep: <c>learning_rate=1e-3, weight_decay=0.1</c>, with the recipe before it where the
/// sweep has several.</summary>
static class PointLabel
{
    /// <param name="recipe">The recipe's file.</param>
    /// <param name="values">What is put into it; the recipe names a point that has none.</param>
    /// <param name="isOneOfSeveral">Whether other points have another recipe.</param>
    public static string Of(string recipe, IReadOnlyList<(string Path, string Value)> values, bool isOneOfSeveral)
    {
        string[] paths = [.. values.Select(value => value.Path)];
        List<string> parts = [.. values.Select(value => $"{ShortName(value.Path, paths)}={value.Value}")];
        if (isOneOfSeveral || parts.Count == 0)
            parts.Insert(0, Path.GetFileNameWithoutExtension(recipe));
        return string.Join(", ", parts);
    }

    // As many words from the end of a path as tell it from the others.
    static string ShortName(string path, string[] paths)
    {
        string[] words = path.Split('.');
        for (int count = 1; count < words.Length; count++)
        {
            string name = string.Join('.', words[^count..]);
            if (paths.Count(other => other == name || other.EndsWith("." + name, StringComparison.Ordinal)) == 1)
                return name;
        }
        return path;
    }
}
