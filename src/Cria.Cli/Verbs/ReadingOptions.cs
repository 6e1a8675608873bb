using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Readers;

namespace Cria.Cli.Verbs;

/// <summary>How text files become documents: the same options on every verb that reads them.</summary>
static class ReadingOptions
{
    public static readonly Option<string> TextColumn = new("--text-column")
    {
        HelpName = "NAME",
        Description = "The field of JSON lines, or the column of a table, that holds the text; `a.b` is b inside a.",
        DefaultValueFactory = _ => new ReaderOptions().TextField,
    };

    public static readonly Option<string> Separator = new("--separator")
    {
        HelpName = "LINE",
        Description = "What stands between the documents of plain text: this line, or `blank-line`, or `line` for a document a line.",
        DefaultValueFactory = _ => new ReaderOptions().Separator,
    };

    /// <summary>For the verbs that divide or count by it.</summary>
    public static readonly Option<string?> GroupColumn = new("--group-column")
    {
        HelpName = "NAME",
        Description = "The field or column of what belongs together, such as the author: held out together or not at all.",
    };

    /// <summary>For verbs that have both texts and recipes: <c>--text</c> takes every word behind it, also a recipe's.</summary>
    /// <exception cref="UsageException">A text has the name of a recipe.</exception>
    public static void RefuseRecipes(IEnumerable<string> texts)
    {
        string[] endings = [".yaml", ".yml"];
        if (texts.FirstOrDefault(text => endings.Contains(Path.GetExtension(text), StringComparer.OrdinalIgnoreCase)) is { } recipe)
            throw new UsageException($"{recipe} is a recipe by its name, and --text takes every word behind it for a text; leave --text out to train the recipe, " +
                "or give the file another ending, such as .txt, to learn from it.");
    }

    /// <summary>The files, read as the options of the command say.</summary>
    public static DocumentReader Open(ParseResult parsed, IEnumerable<string> paths) => DocumentReader.Open(paths, new ReaderOptions
    {
        TextField = parsed.GetRequiredValue(TextColumn),
        Separator = parsed.GetRequiredValue(Separator),
        GroupField = parsed.GetResult(GroupColumn) is null ? null : parsed.GetValue(GroupColumn),
    });
}
