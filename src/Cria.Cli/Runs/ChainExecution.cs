using System.Globalization;
using System.Text;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Training.Checkpoints;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// Trains the generations of a chain, each a run of its own in the chain's folder, on data that is made ready once. What is finished is
/// not done again. The last generation's model and result become the chain's.
/// </summary>
static class ChainExecution
{
    /// <param name="recipe">With a chain.</param>
    /// <param name="path">The chain's folder.</param>
    /// <param name="options">How.</param>
    public static int Run(Recipe recipe, string path, RunOptions options, CancellationToken cancellation)
    {
        RecipeRules.Check(recipe);
        if (options.Until is not null)
            throw new UsageException("--until stops one run after a step, and a chain is several; leave it out.");
        var chain = recipe.Chain!;
        using var folder = RunFolder.Open(path, options.Resume);
        Recipe shared;
        using (var teachers = new Teachers(chain.Generation(recipe, 1, [])))
            shared = recipe with { Tokenizer = teachers.Recipe.Tokenizer, Model = teachers.Recipe.Model };
        if (!File.Exists(folder.Recipe))
            WholeFile.Write(folder.Recipe, RecipeFile.Text(recipe));
        shared = SharedCorpus.Prepare(shared, folder.Data, options.Threads, Output.Log, cancellation).For(shared);
        List<string> done = [];
        for (int number = 1; number <= chain.Generations; number++)
        {
            string run = Path.Combine(folder.Path, $"generation-{number}");
            Output.Log($"generation {number} of {chain.Generations}");
            int code = RunOnce(chain.Generation(shared, number, done), run, options, cancellation);
            if (code != 0)
                return code;
            done.Add(run);
        }
        Adopt(folder, done[^1]);
        if (!options.Silent)
            Tell(done, options);
        return 0;
    }

    /// <summary>Trains a run to its end, if it is not there already.</summary>
    public static int RunOnce(Recipe recipe, string path, RunOptions options, CancellationToken cancellation) => ResultFile.Is(path)
        ? 0
        : RunExecution.Run(recipe, path, options with { Resume = true, Silent = true }, cancellation);

    // The chain's folder stands for its last generation, wherever a CHECKPOINT or a finished run may stand.
    static void Adopt(RunFolder folder, string last)
    {
        if (!Directory.Exists(folder.Model))
            DurableFolder.Write(folder.Model, temporary =>
            {
                string model = new RunFiles(last).Model;
                foreach (string file in Directory.EnumerateFiles(model).Where(file => Path.GetFileName(file) != DurableFolder.Hashes))
                    File.Copy(file, Path.Combine(temporary, Path.GetFileName(file)));
            });
        string losses = Path.Combine(folder.Path, ChunkLosses.FileName);
        if (!File.Exists(losses))
            File.Copy(Path.Combine(last, ChunkLosses.FileName), losses);
        ResultFile.Write(ResultFile.In(folder.Path), ResultFile.Read(ResultFile.In(last)));
    }

    static void Tell(List<string> runs, RunOptions options)
    {
        FinishedRun[] results = [.. runs.Select(run => ResultFile.Read(ResultFile.In(run)))];
        if (options.Json)
        {
            Output.Json(new
            {
                Generations = results.Select((result, i) => new
                {
                    Run = runs[i],
                    result.Seed,
                    result.Validation.NatsPerToken,
                    result.Validation.BitsPerByte,
                    result.TrainingSeconds,
                }),
            });
            return;
        }
        var text = new StringBuilder("generation   nats a token   bits per byte   seconds\n");
        for (int i = 0; i < results.Length; i++)
            text.Append(string.Create(CultureInfo.InvariantCulture,
                $"{i + 1,10}{results[i].Validation.NatsPerToken,15:F4}{results[i].Validation.BitsPerByte,16:F4}{results[i].TrainingSeconds,10:F0}\n"));
        Output.Line(text.ToString().TrimEnd());
    }
}
