namespace Cria.Walls.Tests;

/// <summary>The "never" column of the style guide; generated code (*.g.cs) is apart.</summary>
public sealed class SizeTests
{
    const int MaxLines = 400;
    const int MaxColumns = 140;

    [Theory]
    [InlineData("src"), InlineData("tests")]
    public void No_file_is_longer_than_four_hundred_lines(string folder) =>
        Repository.Clean(Repository.Sources(folder)
            .Where(source => source.Lines.Length > MaxLines)
            .Select(source => $"{source.Path} has {source.Lines.Length} lines, {MaxLines} are allowed"));

    [Theory]
    [InlineData("src"), InlineData("tests")]
    public void No_line_is_wider_than_a_hundred_and_forty_columns(string folder) =>
        Repository.Clean(
            from source in Repository.Sources(folder)
            from line in source.Lines.Index()
            where line.Item.Length > MaxColumns && !IsSentence(line.Item)
            select $"{source.Path}:{line.Index + 1} has {line.Item.Length} columns, {MaxColumns} are allowed");

    /// <summary>A message to a person reads better in one piece than in lines that join it.</summary>
    static bool IsSentence(string line) =>
        line.Contains('"', StringComparison.Ordinal) || line.TrimStart().StartsWith('{');

    [Fact]
    public void The_trainer_stays_a_loop_on_a_few_screens()
    {
        (string Path, string[] Lines)[] found =
            [.. Repository.Sources("src/Cria.Training").Where(source => Path.GetFileName(source.Path) == "Trainer.cs")];
        Assert.All(found, source => Assert.InRange(source.Lines.Length, 1, 250));
    }

    [Fact]
    public void The_sources_are_found() => Assert.True(Repository.Sources("src").Count() > 50);
}
