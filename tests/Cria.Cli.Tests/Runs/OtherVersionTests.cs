using System.Security.Cryptography;

namespace Cria.Cli.Tests.Runs;

/// <summary>Recipes and run folders that a later version of the program has written.</summary>
public sealed class OtherVersionTests(TrainedRun trained) : IClassFixture<TrainedRun>, IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("version: 3\nwarp: {speed: 9}\n"), InlineData("version: 3\n"), InlineData("version: 0\n")]
    public void A_recipe_is_refused_by_its_version_and_not_by_the_first_key_that_is_not_known(string beginning)
    {
        string text = File.ReadAllText(trained.Recipe);
        string recipe = _folder.Write("later.yaml", text.Replace("version: 1\n", beginning, StringComparison.Ordinal));
        string[] train = ["train", recipe, "--out", _folder["run"]];
        foreach (string[] verb in SlowTests.Run ? (string[][])[train, ["plan", recipe], ["inspect", recipe]] : [train])
        {
            (int code, string output, string error) = CriaProcess.Run(verb);
            Refusal.Assert(2, code, output, error, $"{recipe}:1: version {beginning[9]} is not known", "versions 1 to 2");
        }

        Assert.False(Path.Exists(_folder["run"]));
    }

    [Theory]
    [InlineData("\"version\": 3"), InlineData("\"version\": 3, \"tokens\": {\"since\": \"the beginning\"}"), InlineData("\"version\": 0")]
    public void A_state_is_refused_by_its_version_and_stays_as_it_is(string version)
    {
        string run = trained.Copy(_folder["run"]), checkpoint = Path.Combine(run, "checkpoints", "step-6");
        string state = Path.Combine(checkpoint, "training", "state.json"), hashes = Path.Combine(checkpoint, "hashes.json");
        string before = Sha256(state), text = File.ReadAllText(state);
        if (version.Contains("tokens", StringComparison.Ordinal))
            text = text.Replace("\"tokens\"", "\"tokens_once\"", StringComparison.Ordinal);
        File.WriteAllText(state, text.Replace("\"version\": 2", version, StringComparison.Ordinal));
        File.WriteAllText(hashes, File.ReadAllText(hashes).Replace(before, Sha256(state), StringComparison.Ordinal));
        string after = Sha256(state);
        (int code, string output, string error) = CriaProcess.Run("train", trained.Recipe, "--out", run, "--resume");
        Refusal.Assert(1, code, output, error, state, $"has version {version[11]}", "reads versions 1 to 2", "that wrote it");
        Assert.Equal(after, Sha256(state));
        Assert.Equal(["step-3", "step-6"], TinyRun.WholeCheckpoints(run));
    }

    static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
