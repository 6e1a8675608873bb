using Cria.Cli.Pages;

namespace Cria.Cli.Tests.Pages;

public sealed class RunNamesTests
{
    [Theory]
    [InlineData("/r/quick /r/longer", "quick|longer")]
    [InlineData("/s/learning_rate=1e-2,seed=1-0a1b2c3d /s/learning_rate=1e-3,seed=1-1a1b2c3d", "learning_rate=1e-2|learning_rate=1e-3")]
    [InlineData("/s/learning_rate=1e-2,seed=1-0a1b2c3d /s/learning_rate=1e-2,seed=2-1a1b2c3d", "seed=1|seed=2")]
    [InlineData("/s/learning_rate=1e-2,seed=1-0a1b2c3d /s/learning_rate=1e-3,seed=2-1a1b2c3d",
        "learning_rate=1e-2,seed=1|learning_rate=1e-3,seed=2")]
    [InlineData("/s/wd=1,learning_rate=1e-2,seed=1-0a1b2c3d /s/wd=1,learning_rate=1e-2,seed=1-1a1b2c3d", "seed=1-0a1b2c3d|seed=1-1a1b2c3d")]
    [InlineData("/r/a-long-name-of-a-model-with-adamw /r/a-long-name-of-a-model-with-lion", "adamw|lion")]
    [InlineData("/r/a-long-name-of-a-model /r/a-long-name-of-a-model-again", "model|model-again")]
    [InlineData("/first/runs/x /second/runs/x", "first|second")]
    [InlineData("/r/one-name-that-is-longer-than-others", "one-name-that-is-longer-than-others")]
    public void Runs_are_called_by_what_tells_them_apart(string folders, string expected)
    {
        string[] paths = [.. folders.Split(' ').Select(path => path.Replace('/', Path.DirectorySeparatorChar))];
        Assert.Equal(expected.Split('|'), RunNames.Of(paths));
    }
}
