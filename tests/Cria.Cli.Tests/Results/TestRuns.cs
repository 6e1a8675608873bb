using Cria.Cli.Results;

namespace Cria.Cli.Tests.Results;

/// <summary>Results of runs that nobody trained.</summary>
static class TestRuns
{
    /// <param name="loss">Nats a token.</param>
    public static FinishedRun Of(ulong seed, double loss, string name = "tiny") => new()
    {
        Name = name,
        Seed = seed,
        RecipeHash = $"recipe of {name} {seed}",
        DataHash = "data",
        TokenizerHash = "tokenizer",
        ModelType = "llama",
        Parameters = 1000,
        Steps = 10,
        Tokens = 1280,
        FlopsPerToken = 6000,
        FlopsFormula = "6 × all",
        TrainingSeconds = 2,
        Threads = 1,
        Validation = new("validation", loss * 700, 700, 2100, loss, loss / 3 / Math.Log(2), "losses"),
        Kernels = "reference",
        Machine = "none",
        Program = "cria",
    };
}
