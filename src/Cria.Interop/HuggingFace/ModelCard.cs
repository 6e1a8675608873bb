using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cria.Interop.HuggingFace;

/// <summary>
/// A README.md as the Hub reads it: metadata between two lines of dashes, then tables for people. It says what is known and
/// nothing else; a licence that nobody named is <c>unknown</c>.
/// </summary>
public sealed record ModelCard
{
    public const string FileName = "README.md";

    /// <summary>The model's name, its title.</summary>
    public required string Name { get; init; }

    /// <summary>Its architecture, as config.json says it.</summary>
    public required string ModelType { get; init; }

    /// <summary>A licence by the Hub's identifier.</summary>
    public string License { get; init; } = "unknown";

    /// <summary>What it was trained or measured on, in words.</summary>
    public string? Data { get; init; }

    /// <summary>Measured numbers: the Hub's type (<c>perplexity</c>), what it is in words, and the value.</summary>
    public IReadOnlyList<(string Type, string Name, double Value)> Figures { get; init; } = [];

    /// <summary>Tables: a title, and rows of a word and what it is.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<(string Word, string Value)> Rows)> Tables { get; init; } = [];

    public string Text()
    {
        var text = new StringBuilder("---\n");
        text.Append(CultureInfo.InvariantCulture, $"library_name: transformers\npipeline_tag: text-generation\nlicense: {License}\n");
        text.Append(CultureInfo.InvariantCulture, $"tags:\n- cria\n- {ModelType}\n");
        if (Figures.Count > 0)
            AppendIndex(text);
        text.Append(CultureInfo.InvariantCulture, $"---\n\n# {Name}\n\nA language model of the {ModelType} architecture, trained with Cria.\n");
        foreach (var (title, rows) in Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| | |\n|---|---|\n");
            foreach (var (word, value) in rows)
                text.Append(CultureInfo.InvariantCulture, $"| {Cell(word)} | {Cell(value)} |\n");
        }
        return text.ToString();
    }

    void AppendIndex(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"model-index:\n- name: {Quoted(Name)}\n  results:\n  - task:\n      type: text-generation\n");
        text.Append(CultureInfo.InvariantCulture, $"    dataset:\n      type: text\n      name: {Quoted(Data ?? "validation")}\n    metrics:\n");
        foreach (var (type, name, value) in Figures)
            text.Append(CultureInfo.InvariantCulture, $"    - type: {type}\n      name: {Quoted(name)}\n      value: {value:0.####}\n");
    }

    // JSON's strings are YAML's.
    static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value)}\"";

    static string Cell(string value) => value.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
