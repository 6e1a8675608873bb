using System.Text;

namespace Cria.Data.Cleaning;

/// <summary>What cleaning did: before, after, and examples. Whole once all documents have been taken.</summary>
public sealed class CleaningReport
{
    internal CleaningReport(CleaningRecipe recipe)
    {
        Recipe = recipe.Name;
        Steps = [.. recipe.Steps.Select(step => new CleaningCount(step.Name, removes: step is IDocumentFilter))];
    }

    /// <summary>The recipe's name.</summary>
    public string Recipe { get; }

    /// <summary>Documents and UTF-8 bytes that came in.</summary>
    public CleaningTotal Before { get; } = new();

    /// <summary>Documents and UTF-8 bytes that are kept.</summary>
    public CleaningTotal After { get; } = new();

    /// <summary>The part of <see cref="After"/> that is for validation.</summary>
    public CleaningTotal Validation { get; } = new();

    /// <summary>What each step changed, or each filter dropped.</summary>
    public IReadOnlyList<CleaningCount> Steps { get; }

    /// <summary>Documents removed because another has the same text.</summary>
    public CleaningCount Duplicates { get; } = new("exact duplicates removed", removes: true);

    /// <summary>Documents removed because nothing was left of them.</summary>
    public CleaningCount Empty { get; } = new("empty documents removed", removes: true);

    /// <summary>The report in lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"recipe {Recipe}: {Before} before, {After} after ({Validation} of them for validation)\n");
        foreach (CleaningCount count in Steps.Append(Empty).Append(Duplicates))
        {
            text.Append($"  {count.Name}: {count.Documents} documents, {count.Characters} characters\n");
            foreach (CleaningExample example in count.Examples)
            {
                string reason = example.Reason.Length > 0 ? $" ({example.Reason})" : "";
                text.Append($"    {example.Place}: \"{example.Before}\" → \"{example.After}\"{reason}\n");
            }
        }

        return text.ToString();
    }
}

/// <summary>Documents and bytes.</summary>
public sealed class CleaningTotal
{
    /// <summary>How many documents.</summary>
    public long Documents { get; private set; }

    /// <summary>Their UTF-8 bytes.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Documents} documents, {Bytes} bytes";

    internal void Add(int bytes)
    {
        Documents++;
        Bytes += bytes;
    }
}

/// <summary>How much one step changed, or one reason removed.</summary>
public sealed class CleaningCount(string name, bool removes = false)
{
    /// <summary>How many examples are kept: the first in the order of the corpus.</summary>
    public const int MaxExamples = 5;

    readonly List<CleaningExample> _examples = [];

    /// <summary>The step or the reason.</summary>
    public string Name { get; } = name;

    /// <summary>Whether documents go as a whole; false where their text is changed.</summary>
    public bool Removes { get; } = removes;

    /// <summary>Documents changed or removed.</summary>
    public long Documents { get; private set; }

    /// <summary>UTF-16 characters fewer than before; below zero where a step lengthens.</summary>
    public long Characters { get; private set; }

    /// <summary>The first few.</summary>
    public IReadOnlyList<CleaningExample> Examples => _examples;

    internal void Add(int characters, CleaningExample example)
    {
        Documents++;
        Characters += characters;
        if (_examples.Count < MaxExamples)
            _examples.Add(example);
    }
}

/// <summary>One change.</summary>
/// <param name="Place">FILE:LINE where the document begins.</param>
/// <param name="Before">The text around the first difference, control characters made visible.</param>
/// <param name="After">The same place afterwards; empty for a document that was removed.</param>
/// <param name="Reason">Why a filter dropped the document; empty otherwise.</param>
public sealed record CleaningExample(string Place, string Before, string After, string Reason = "");
