using System.Globalization;
using Cria.Cli.Recipes;
using Cria.Training;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Pages;

/// <summary>A run's folder as training leaves it, without the training.</summary>
static class MadeRun
{
    /// <param name="folder">Made.</param>
    /// <param name="steps">Done, of 1000.</param>
    /// <param name="norms">Steps between norms; 0 takes none.</param>
    /// <param name="overrides">Of the recipe.</param>
    public static string Write(string folder, int steps = 200, int norms = 20, params string[] overrides)
    {
        Directory.CreateDirectory(folder);
        Recipe recipe = RecipeFile.Parse(TinyRecipe, "recipe.yaml", folder, overrides);
        File.WriteAllText(Path.Combine(folder, "recipe.yaml"), RecipeFile.Text(recipe));
        using MetricsLog log = new(Path.Combine(folder, "metrics.jsonl"), 0);
        Audience told = new(log);
        told.Started(new()
        {
            Version = "cria 9.9",
            Machine = "a machine of wood",
            Kernels = "cpu of nuts",
            Threads = 2,
            PlannedSteps = 1000,
            TokensPerStep = 128,
            Parameters = 12_345,
            FlopsPerToken = 1e6,
            FlopsFormula = "6 × 166,667 matmul weights",
            PeakGflops = 10,
            PeakSource = "measured for the test",
            Data = new Dictionary<string, string> { ["training"] = "3 documents" },
        });
        for (int step = 1; step <= steps; step++)
        {
            told.Stepped(Step(step, recipe, norms));
            if (step % 50 == 0)
            {
                told.Evaluated(new(step, 100 * Loss(step), 100, 80));
                told.Evaluated(new(step, 98 * Loss(step), 100, 80) { Weights = "ema" });
                told.Sampled(new(step, "Once upon", string.Create(CultureInfo.InvariantCulture, $" a time {step}")));
            }
            if (step == 120)
                told.Happened(new LossSpike(step, 9, 3));
        }
        return folder;
    }

    public static double Loss(int step) => 2 + 3 * Math.Exp(-step / 80.0);

    static StepMetrics Step(int step, Recipe recipe, int norms) =>
        new(step, Loss(step), recipe.Optimizer.LearningRate, 0.5f + step % 7 * 0.1f, step * 128L, 0.01)
        {
            ClipFactor = step % 4 == 0 ? 0.5f : 1,
            Phases = new(0.001f, 0.007f, 0.001f, 0, 0.0005f, 0, 0),
            Norms = norms > 0 && step % norms == 0
                ? [new("model.embed_tokens", 10, 1, 0.01), new("model.layers.0.self_attn", 5, 0.1 * step, 0.005), new("model.layers.1.mlp", 5, 0.1, 0.005)]
                : [],
        };

    const string TinyRecipe = """
        version: 1
        name: made
        model: {hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 48, max_position_embeddings: 64}
        data: {synth: {stories: 10, validation_stories: 2, seed: 1}, sequence_length: 32}
        steps: 1000
        """;
}
