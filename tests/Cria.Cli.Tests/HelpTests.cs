using System.CommandLine;
using Cria.Cli.Frame;

namespace Cria.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Paths => [.. Below(CommandTree.Create(), "").Order()];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_verb_has_an_example_that_names_it_and_parses(string path)
    {
        Command command = path.Split(' ').Aggregate(
            (Command)CommandTree.Create(), (parent, name) => parent.Subcommands.Single(verb => verb.Name == name));
        Verb verb = Assert.IsType<Verb>(command);
        Assert.StartsWith($"cria {path.Split(' ')[0]}", verb.Example, StringComparison.Ordinal);
        Assert.Empty(CommandTree.Create().Parse(verb.Example["cria ".Length..]).Errors);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("data --help")]
    [InlineData("data pack --help")]
    public void Help_goes_to_standard_output_with_an_example(string line)
    {
        (int code, string output, string error) = CriaProcess.Run(line.Split(' '));
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Contains("Example:\n  cria ", output, StringComparison.Ordinal);
    }

    static IEnumerable<string> Below(Command command, string path) =>
        command.Subcommands.SelectMany(verb => Below(verb, $"{path}{verb.Name} ").Prepend(path + verb.Name));
}
