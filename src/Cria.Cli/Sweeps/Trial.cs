namespace Cria.Cli.Sweeps;

/// <summary>One point of a sweep: a recipe and what is put into it. Its seeds are runs of it.</summary>
/// <param name="RecipePath">The file.</param>
/// <param name="Common">What is put into the recipe of every point, as <c>--set</c> takes it.</param>
/// <param name="Values">Path → value, in the order of the axes.</param>
/// <param name="IsOneOfSeveralRecipes">Whether the sweep has other recipes, so that the values alone do not name the point.</param>
sealed record Trial(
    string RecipePath, IReadOnlyList<string> Common, IReadOnlyList<(string Path, string Value)> Values, bool IsOneOfSeveralRecipes)
{
    /// <summary>As <c>--set</c> takes them.</summary>
    public IReadOnlyList<string> Overrides => [.. Common, .. Values.Select(value => $"{value.Path}={value.Value}")];

    /// <inheritdoc cref="PointLabel"/>
    public string Label => PointLabel.Of(RecipePath, Values, IsOneOfSeveralRecipes);
}
