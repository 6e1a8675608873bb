using System.CommandLine;

namespace Cria.Cli.Frame;

/// <summary>Options that take a time: <c>90s</c>, <c>6m</c>, <c>1h30m</c>.</summary>
static class Durations
{
    public static Option<string> Option(string name, string description)
    {
        Option<string> option = new(name) { HelpName = "T", Description = description };
        option.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (!Numbers.TryDuration(text, out var time) || time < TimeSpan.FromSeconds(1))
                result.AddError($"{name} got '{text}'; expected a time of at least a second, such as 90s, 6m or 1h30m.");
        });
        return option;
    }

    /// <summary>Its seconds; null where it is not given.</summary>
    public static double? Seconds(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } text && Numbers.TryDuration(text, out var time) ? time.TotalSeconds : null;
}
