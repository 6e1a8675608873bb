using System.CommandLine;
using System.CommandLine.Parsing;

namespace Cria.Cli.Frame;

/// <summary>A command line that does not parse: what is wrong and what was probably meant. Exit code 2.</summary>
static class WrongUse
{
    public const int ExitCode = 2;

    public static bool IsIn(ParseResult parsed) =>
        parsed.Errors.Count > 0 || (!parsed.AsksForHelp() && StrayWord(parsed) is not null);

    public static int Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (StrayWord(parsed) is { } unknown)
            Output.Error(UnknownWord(command, parsed, unknown));
        else if (command.Subcommands.Count > 0 && command.Action is null)
            Output.Error($"a verb is missing after '{Path(parsed)}'; expected one of {string.Join(", ", Verbs(command))}.");
        else
            Output.Error(parsed.Errors[0].Message);
        Output.Log($"`{Path(parsed)} --help` explains.");
        return ExitCode;
    }

    static bool AsksForHelp(this ParseResult parsed) =>
        parsed.Tokens.Any(token => token is { Type: TokenType.Option, Value: "--help" or "-h" or "-?" });

    /// <summary>
    /// A word that nothing expects, or one like <c>--tokeniser</c> that the parser took for one of the verb's many files.
    /// </summary>
    static string? StrayWord(ParseResult parsed)
    {
        bool hasDashes = parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash); // after -- everything is a name
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .FirstOrDefault(word => !hasDashes && word.StartsWith("--", StringComparison.Ordinal))
            ?? (parsed.UnmatchedTokens is [string unmatched, ..] ? unmatched : null);
    }

    static string UnknownWord(Command command, ParseResult parsed, string word)
    {
        bool isOption = word.StartsWith('-') && word.Length > 1;
        string[] names = isOption ? [.. Options(parsed)] : Verbs(command);
        string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "verb" : "argument";
        return $"'{word}' is no {kind} of '{Path(parsed)}'; {NearestName.Hint(word, names)}";
    }

    static string[] Verbs(Command command) => [.. command.Subcommands.Select(verb => verb.Name)];

    /// <summary>The command's own options and the recursive ones of those above it.</summary>
    static IEnumerable<string> Options(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        IEnumerable<Option> inherited = parsed.RootCommandResult.Command.Options.Where(option => option.Recursive);
        return command.Options.Concat(inherited).Select(option => option.Name).Distinct();
    }

    static string Path(ParseResult parsed)
    {
        List<string> names = [];
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            names.Insert(0, result.Command is RootCommand ? "cria" : result.Command.Name);
        return string.Join(' ', names);
    }
}
