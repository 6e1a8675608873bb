using System.Text.RegularExpressions;

namespace Cria.Walls.Tests;

/// <summary>The finer walls, inside the rooms: what code in one folder may name.</summary>
public sealed class RoomTests
{
    [Theory]
    [InlineData("Tensors", "Kernels|Graphs|Communication")]
    [InlineData("Kernels", "Graphs|Communication")]
    [InlineData("Graphs", "Kernels.Cpu|Kernels.Reference|Communication")]
    public void Inside_the_engine_a_folder_names_only_what_lies_below_it(string folder, string above) =>
        Repository.Clean(Repository.Matches(
            $"src/Cria.Engine/{folder}",
            new Regex($@"\bCria\.Engine\.({above.Replace(".", @"\.", StringComparison.Ordinal)})\b")));

    [Fact]
    public void The_reference_knows_no_other_backend() =>
        Repository.Clean(Repository.Matches(
            "src/Cria.Engine/Kernels/Reference", new Regex(@"\bKernels\.Cpu\b|\bCpuKernels\b")));

    [Theory]
    [InlineData("Cria.Engine"), InlineData("Cria.Data"), InlineData("Cria.Models"), InlineData("Cria.Training")]
    [InlineData("Cria.Evaluation"), InlineData("Cria.Interop"), InlineData("Cria.Reports")]
    public void Only_the_command_line_speaks_to_the_console(string room) =>
        Repository.Clean(Repository.Matches($"src/{room}", new Regex(@"(?<![\w.])(System\.)?Console\s*\.")));

    [Theory]
    [InlineData("Kernels/Cpu"), InlineData("Kernels/Reference"), InlineData("Graphs/Ops")]
    public void Hot_code_holds_no_queries(string folder) =>
        Repository.Clean(Repository.Matches(
            $"src/Cria.Engine/{folder}",
            new Regex(@"using System\.Linq|\.(Select|Where|Sum|Aggregate|ToArray|ToList|OrderBy|Zip)\([^)]*=>")));

    [Fact]
    public void What_the_data_room_renames_into_place_is_on_the_disk_first() =>
        Repository.Clean(
            from source in Repository.Sources("src/Cria.Data")
            where source.Lines.Any(line => Repository.Code(line).Contains("File.Move(", StringComparison.Ordinal))
            where !source.Lines.Any(line => Regex.IsMatch(Repository.Code(line), @"FlushToDisk\(|flushToDisk: true|DurableFile\.Flush\("))
            select $"{source.Path} renames a file that a power cut may leave empty; flush it to the disk first");

    [Theory]
    [InlineData("src"), InlineData("tests")]
    public void Namespaces_follow_folders(string folder) =>
        Repository.Clean(
            from source in Repository.Sources(folder)
            let declared = source.Lines.FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            let parts = source.Path.Split('/')
            where parts.Length > 2 // files beside the projects are shared by them
            let expected = string.Join('.', parts[1..^1])
            where declared is not null && declared.TrimEnd(' ', ';')["namespace ".Length..] != expected
            select $"{source.Path} declares '{declared}' but lies in {expected}");

    [Theory]
    [InlineData("src"), InlineData("tests")]
    public void Names_say_what_a_thing_is(string folder) =>
        Repository.Clean(
            from source in Repository.Sources(folder)
            let name = Path.GetFileNameWithoutExtension(source.Path)
            where Regex.IsMatch(name, "(Manager|Helpers?|Utils?|Impl|Common)$")
            select $"{source.Path} is named after nothing in particular");
}
