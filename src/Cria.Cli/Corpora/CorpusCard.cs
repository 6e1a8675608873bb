using System.Globalization;
using System.Text;
using Cria.Data.Corpora;

namespace Cria.Cli.Corpora;

/// <summary>README.md of a corpus: what it is, where it comes from, on what terms, and how to know that one has the same.</summary>
static class CorpusCard
{
    public static string Text(BuiltCorpus corpus)
    {
        var text = new StringBuilder();
        CorpusRecipe recipe = corpus.Recipe;
        text.Append(CultureInfo.InvariantCulture, $"# {recipe.Name}\n\n");
        if (recipe.Description.Length > 0)
            text.Append(recipe.Description.Trim()).Append("\n\n");
        text.Append("| part | documents | words | bytes of text | tokens |\n|---|--:|--:|--:|--:|\n");
        foreach (BuiltPart part in corpus.Parts)
            text.Append(CultureInfo.InvariantCulture, $"| {part.Name} | {part.Documents:N0} | {part.Words:N0} | {part.Bytes:N0} | {part.Tokens:N0} |\n");
        text.Append("\n`PART.jsonl` is the text, a document a line; `shards/PART` are its tokens, of `tokenizer/`; `report.html` says what was removed.\n");
        text.Append("`recipe.yaml` makes it again: `cria data build recipe.yaml --out DIR`.\n\n## Sources\n\n");
        foreach (CorpusSource source in recipe.Sources)
        {
            string names = string.Join(", ", source.Files.Select(file => $"`{Path.GetFileName(Path.TrimEndingDirectorySeparator(file))}`"));
            text.Append(CultureInfo.InvariantCulture, $"* {names}: {(source.Licence.Length > 0 ? source.Licence : "no licence is stated in the recipe")}\n");
        }

        text.Append("\n## Hashes (SHA-256)\n\n| part | text | shards' manifest |\n|---|---|---|\n");
        foreach (BuiltPart part in corpus.Parts)
            text.Append(CultureInfo.InvariantCulture, $"| {part.Name} | `{part.TextHash}` | `{part.ManifestHash}` |\n");
        return text.ToString();
    }
}
