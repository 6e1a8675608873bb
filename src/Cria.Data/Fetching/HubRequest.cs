using System.Text.RegularExpressions;

namespace Cria.Data.Fetching;

/// <summary>A part of a dataset on the hub, as a person names it: <c>hf:OWNER/NAME[@REVISION][:SPLIT]</c>, and what options add.</summary>
public sealed partial record HubRequest
{
    public const string Prefix = "hf:";

    /// <summary>OWNER/NAME.</summary>
    public required string Repository { get; init; }

    /// <summary>A branch, tag or commit.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>One of the dataset's configurations, also called subsets; null: the only one, or the one named default.</summary>
    public string? Config { get; init; }

    /// <summary>One of its splits; null: all.</summary>
    public string? Split { get; init; }

    /// <summary>Instead of configuration and split: the files of the repository that this pattern matches, of any kind.</summary>
    public string? Files { get; init; }

    /// <exception cref="DataException">Not of that form.</exception>
    public static HubRequest Parse(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success)
            throw new DataException($"\"{text}\" names no dataset on the hub; expected hf:OWNER/NAME, hf:OWNER/NAME@REVISION or hf:OWNER/NAME:SPLIT.");
        return new HubRequest
        {
            Repository = match.Groups["repository"].Value,
            Revision = match.Groups["revision"] is { Success: true, Value: string revision } ? revision : "main",
            Split = match.Groups["split"] is { Success: true, Value: string split } ? split : null,
        };
    }

    [GeneratedRegex(
        @"^hf:(?<repository>[a-z0-9][a-z0-9_.-]{0,95}/[a-z0-9_][a-z0-9_.-]{0,95})(@(?<revision>[a-z0-9_./-]{1,200}))?(:(?<split>[a-z0-9_.-]{1,100}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
