using System.Xml.Linq;

namespace Cria.Walls.Tests;

/// <summary>The arrows of ARCHITECTURE.md: each is one ProjectReference, and there are no others.</summary>
public sealed class ArrowTests
{
    static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Cria.Engine"] = [],
        ["Cria.Data"] = [],
        ["Cria.Reports"] = [],
        ["Cria.Models"] = ["Cria.Engine"],
        ["Cria.Training"] = ["Cria.Data", "Cria.Engine", "Cria.Models"],
        ["Cria.Evaluation"] = ["Cria.Data", "Cria.Engine", "Cria.Models"],
        ["Cria.Interop"] = ["Cria.Data", "Cria.Engine", "Cria.Models"],
        ["Cria.Cli"] =
        [
            "Cria.Data", "Cria.Engine", "Cria.Evaluation", "Cria.Interop", "Cria.Models", "Cria.Reports", "Cria.Training",
        ],
    };

    /// <summary>Packages a room may take in; a new one needs a reason and a line here.</summary>
    static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Cria.Cli"] = ["Spectre.Console", "System.CommandLine", "YamlDotNet"],
    };

    public static TheoryData<string> Rooms => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_exactly_the_rooms_that_the_architecture_names(string room) =>
        Assert.Equal(Arrows[room], Includes(room, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_takes_in_only_the_packages_it_was_given(string room) =>
        Assert.Equal(Packages.GetValueOrDefault(room, []), Includes(room, "PackageReference").Order());

    [Fact]
    public void Every_room_under_src_has_its_arrows_here() =>
        Assert.Equal(
            Arrows.Keys.Order(),
            Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
                .Select(path => Path.GetFileNameWithoutExtension(path)).Order());

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("Cria.slnx"));
        IEnumerable<string> projects = new[] { "src", "tests" }.SelectMany(folder =>
            Directory.EnumerateFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories));
        Assert.All(projects, path => Assert.Contains(Path.GetFileName(path), solution, StringComparison.Ordinal));
    }

    static IEnumerable<string> Includes(string room, string item) =>
        XDocument.Load(Repository.PathOf("src", room, $"{room}.csproj"))
            .Descendants(item)
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));
}
