using System.Globalization;
using Cria.Data;
using Cria.Data.Corpora;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Reports;

namespace Cria.Cli.Corpora;

/// <summary>What <c>inspect</c> says of a corpus: what its recipe does, to which files, and what was made so far.</summary>
static class CorpusFacts
{
    public static Dictionary<string, object?> Of(CorpusRecipe recipe) => new()
    {
        ["kind"] = "corpus recipe",
        ["name"] = recipe.Name,
        ["description"] = recipe.Description,
        ["sources"] = recipe.Sources.Select(Source).ToArray(),
        ["stages"] = CorpusStages.OfText(recipe).Select(stage => stage.Name).Append("tokenizer").Append("shards").ToArray(),
        ["steps"] = recipe.Steps.Select(step => step.Name).ToArray(),
        ["removes_duplicates"] = recipe.RemovesDuplicates,
        ["near_duplicates_from"] = recipe.NearDuplicates?.Threshold,
        ["evaluation_sets"] = recipe.Decontamination?.Sets.Select(set => set.Name ?? set.Files[0]).ToArray(),
        ["parts"] = recipe.Split.Sets,
        ["tokenizer"] = recipe.Tokenizer.Path ?? $"learned, {recipe.Tokenizer.VocabSize:N0} tokens",
        ["seed"] = recipe.Seed.ToString(CultureInfo.InvariantCulture),
    };

    /// <param name="recipe">As it stands in the folder.</param>
    /// <param name="folder">Where <c>data build</c> works or has worked.</param>
    public static Dictionary<string, object?> Of(CorpusRecipe recipe, string folder)
    {
        var facts = Of(recipe);
        facts["kind"] = "corpus";
        facts["finished"] = File.Exists(Path.Combine(folder, "report.json"));
        foreach (string part in recipe.Split.Sets)
        {
            string shards = Path.Combine(folder, ShardStage.Folder, part);
            if (!File.Exists(Path.Combine(shards, ShardManifest.FileName)))
                continue;
            using var set = ShardSet.Open(shards);
            facts[$"{part}_tokens"] = set.Tokens;
            facts[$"{part}_documents"] = set.Documents;
        }

        return facts;
    }

    static string Source(CorpusSource source)
    {
        string named = string.Join(" ", source.Files), size;
        try
        {
            DocumentReader reader = DocumentReader.Open(source.Files);
            int files = reader.Files.Count();
            size = $"{files:N0} {(files == 1 ? "file" : "files")}, {Human.Bytes(reader.TotalBytes)}";
        }
        catch (DataException)
        {
            size = "not there";
        }

        return $"{named} ({size})";
    }
}
