using System.Globalization;
using Cria.Data.Corpora;

namespace Cria.Cli.Corpora;

/// <summary>A corpus that is made: its recipe and what every stage reported.</summary>
sealed record BuiltCorpus(CorpusRecipe Recipe, string Folder, IReadOnlyList<StageReport> Stages)
{
    /// <summary>The parts, <c>train</c> first.</summary>
    public IReadOnlyList<BuiltPart> Parts { get; } =
        [.. Recipe.Split.Sets.Select(set => new BuiltPart(set, fact => Find(Stages, $"{set}: {fact}")))];

    /// <summary>What came in.</summary>
    public StageSize Read => Stages[0].Before!;

    /// <summary>What is left in all parts.</summary>
    public StageSize Kept => Stages.Last(stage => stage.After is not null).After!;

    /// <summary>All steps that changed or removed something, with their stages.</summary>
    public IEnumerable<(StageReport Stage, StageStep Step)> Steps =>
        Stages.SelectMany(stage => stage.Steps.Where(step => step.Documents > 0).Select(step => (stage, step)));

    static string Find(IReadOnlyList<StageReport> stages, string fact) =>
        stages.SelectMany(stage => stage.Facts).FirstOrDefault(found => found.Name == fact)?.Value ?? "";
}

/// <summary>A part of a corpus, such as <c>train</c>.</summary>
sealed class BuiltPart(string name, Func<string, string> fact)
{
    public string Name => name;

    public long Documents => Number("documents");

    public long Words => Number("words");

    public long Bytes => Number("bytes");

    public long Tokens => Number("tokens");

    public string TextHash => fact("sha256");

    public string ManifestHash => fact("manifest sha256");

    long Number(string of) => long.TryParse(fact(of), CultureInfo.InvariantCulture, out long number) ? number : 0;
}
