namespace Cria.Data.Cleaning.Contamination;

/// <summary>A question of an evaluation set: the texts that must not be trained on.</summary>
/// <param name="Place">FILE:LINE.</param>
/// <param name="Texts">Its sentences, question, choices, …</param>
public sealed record EvaluationItem(string Place, IReadOnlyList<string> Texts);

/// <summary>An evaluation set, read whole.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Items">Its questions.</param>
public sealed record EvaluationSet(string Name, IReadOnlyList<EvaluationItem> Items)
{
    /// <summary>
    /// Reads a set from files. JSON lines: of each line the fields asked for, strings or lists of strings, or all
    /// strings of the line; columns of other tables: those asked for; plain text: every line is an item.
    /// </summary>
    /// <param name="paths">Files, folders and patterns, as everywhere.</param>
    /// <param name="fields">Fields or columns; <c>a.b</c> is the field <c>b</c> of the object <c>a</c>. None: all.</param>
    /// <param name="name">Its name; null: that of the first file.</param>
    /// <exception cref="DataException">A file is missing or damaged, or holds no text.</exception>
    public static EvaluationSet Read(IEnumerable<string> paths, IReadOnlyList<string>? fields = null, string? name = null)
    {
        string[] all = [.. paths];
        List<EvaluationItem> items = new EvaluationReader(fields ?? []).Read(all);
        if (items.Count == 0)
        {
            string looked = fields is { Count: > 0 } ? $" in the fields {string.Join(", ", fields)}" : "";
            throw new DataException($"{string.Join(", ", all)} holds no evaluation text{looked}; name its fields.");
        }

        string file = Path.GetFileName(all[0].TrimEnd('/', '\\'));
        return new EvaluationSet(name ?? file[..Math.Max(1, (file + ".").IndexOf('.', 1))], items);
    }
}
