using System.Text.Json.Nodes;
using Cria.Cli.Recipes;

namespace Cria.Cli.Tests.Runs;

/// <summary>Chains of students, and models evaluated together.</summary>
public sealed class ChainTests : IDisposable
{
    const string Chain = """

        loss: {type: distillation, alpha: 0.4}
        chain: {generations: 3, teachers: all}
        """;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_chain_is_runs_of_its_own_that_go_on_where_they_stopped_and_its_folder_is_the_last_one()
    {
        SlowTests.Only();
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 20) + Chain), chain = _folder["chain"];
        CriaProcess.Succeed("train", recipe, "--out", chain, "--threads", "1", "--brief", "--set", "chain.generations=2");
        byte[] second = TinyRun.Weights(_folder["chain/generation-2"]);
        Directory.Delete(_folder["chain/generation-2"], recursive: true); // as if it had been stopped in between
        Directory.Delete(_folder["chain/model"], recursive: true);
        string table = CriaProcess.Succeed("train", recipe, "--out", chain, "--threads", "2", "--brief", "--resume");
        Assert.Equal(4, table.TrimEnd().Split('\n').Length);
        Assert.Equal(second, TinyRun.Weights(_folder["chain/generation-2"]));
        Assert.Equal(TinyRun.Weights(_folder["chain/generation-3"]), TinyRun.Weights(chain));
        Assert.Contains("type: cross_entropy", Recipe(1), StringComparison.Ordinal);
        Assert.Contains("seed: 7", Recipe(3), StringComparison.Ordinal);
        Assert.Contains(_folder["chain/generation-1"], Recipe(3), StringComparison.Ordinal);
        Assert.Contains(_folder["chain/generation-2"], Recipe(3), StringComparison.Ordinal);
        Assert.Equal(2, JsonNode.Parse(File.ReadAllText(_folder["chain/result.json"]))!["consumed"]!.AsArray().Count);
        Assert.Equal(2, RecipeFile.Read(_folder["chain/recipe.yaml"]).Chain?.Generations); // as it was begun

        // And as one: between themselves, the mean is of both.
        string text = _folder.Write("text.txt", "Once there was a small dog. It was happy.");
        JsonNode result = Eval(chain, "--text", text), both = Eval(_folder["chain/generation-1"], chain, "--text", text, "--weights", "1,3");
        Assert.Equal((string?)result["total"]!["nats_per_token"]!.ToString(), both["models"]![1]!["results"]!["total"]!["nats_per_token"]!.ToString());
        JsonNode twice = Eval(chain, chain, "--text", text, "--average", "probabilities");
        Assert.Equal((double)result["total"]!["nats_per_token"]!, (double)twice["ensemble"]!["results"]!["total"]!["nats_per_token"]!, 1e-6);
        var (code, output, error) = CriaProcess.Run("eval", chain, "--text", text, "--weights", "1");
        Refusal.Assert(2, code, output, error, "several models");

        string Recipe(int generation) => File.ReadAllText(_folder[$"chain/generation-{generation}/recipe.yaml"]);
    }

    static JsonNode Eval(params string[] arguments) => JsonNode.Parse(CriaProcess.Succeed(["eval", .. arguments, "--json"]))!;
}
