namespace Cria.Cli.Records;

/// <summary>Names of tracks and entries, which become folders.</summary>
static class EntryName
{
    public const string Expected = "small letters, digits and hyphens, at most 60, beginning with a letter or digit";

    public static bool IsOne(string name) => name.Length is > 0 and <= 60 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
