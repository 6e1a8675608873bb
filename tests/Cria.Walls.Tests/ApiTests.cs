using System.Reflection;

namespace Cria.Walls.Tests;

/// <summary>
/// A change of the public API shows in the diff of Api/*.txt. After a wanted change, run these tests once with
/// CRIA_UPDATE_API=1 and commit what they wrote.
/// </summary>
public sealed class ApiTests
{
    [Theory]
    [InlineData("Cria.Engine"), InlineData("Cria.Data"), InlineData("Cria.Models"), InlineData("Cria.Training")]
    [InlineData("Cria.Evaluation"), InlineData("Cria.Interop"), InlineData("Cria.Reports")]
    public void The_public_api_is_the_committed_one(string library)
    {
        string path = Repository.PathOf("tests", "Cria.Walls.Tests", "Api", $"{library}.txt");
        string actual = ApiText.Of(Assembly.Load(library));
        if (Environment.GetEnvironmentVariable("CRIA_UPDATE_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; run the tests once with CRIA_UPDATE_API=1.");
        string expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        string[] before = expected.Split('\n'), after = actual.Split('\n');
        IEnumerable<string> changes =
            before.Except(after).Select(line => $"gone: {line.Trim()}")
                .Concat(after.Except(before).Select(line => $"new: {line.Trim()}"));
        Assert.True(
            expected == actual,
            $"The public API of {library} changed; if that is wanted, run once with CRIA_UPDATE_API=1 and commit Api/. "
            + string.Join("; ", changes.Take(20)));
    }
}
