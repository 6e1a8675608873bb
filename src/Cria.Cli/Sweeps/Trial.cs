namespace Cria.Cli.Sweeps;

/// <summary>One point of a sweep: a recipe and what is put into it. Its seeds are runs of it.</summary>
/// <param name="RecipePath">The file.</param>
/// <param name="Common">What is put into the recipe of every point, as <c>--set</c> takes it.</param>
/// <param name="Values">Path → value, in the order of the axes.</param>
sealed record Trial(string RecipePath, IReadOnlyList<string> Common, IReadOnlyList<(string Path, string Value)> Values)
{
    /// <summary>As <c>--set</c> takes them.</summary>
    public IReadOnlyList<string> Overrides => [.. Common, .. Values.Select(value => $"{value.Path}={value.Value}")];

    /// <summary>For people: <c>learning_rate=1e-3, weight_decay=0.1</c>; the recipe's name where nothing is put into it.</summary>
    public string Label => Values.Count == 0 ? Path.GetFileNameWithoutExtension(RecipePath) : string.Join(", ", Values.Select(value => $"{value.Path[(value.Path.LastIndexOf('.') + 1)..]}={value.Value}"));
}
