using System.Reflection;
using Cria.Cli.Runs;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Results;

/// <summary>Writes what a run has reached: the losses of the validation chunks, then result.json, which says that all is there.</summary>
static class RunRecording
{
    public const string FlopsFormula =
        "6 × matmul weights (head in, embedding out) + 6·L·N·D·T for causal attention, a token; recomputation not counted; a teacher a third of that";

    public static string Program { get; } =
        "cria " + (typeof(RunRecording).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "of unknown version");

    /// <param name="run">Trained.</param>
    /// <param name="folder">Where the two files go; made if it is not there.</param>
    /// <param name="measured">Of the model as it is.</param>
    /// <param name="threads">That trained it.</param>
    public static FinishedRun Write(PretrainRun run, string folder, RunResult measured, int threads)
    {
        Directory.CreateDirectory(folder);
        var model = measured.Model;
        string losses = measured.Losses.Write(folder, run.HeldOut.ManifestHash);
        var finished = new FinishedRun
        {
            Name = run.Recipe.Name,
            Seed = run.Recipe.Seed,
            RecipeHash = run.Hash,
            DataHash = run.Training.Reader.ManifestHash,
            TokenizerHash = TokenizerJson.TokenizerHash(run.Corpus.Tokenizer),
            ModelType = run.Recipe.Model.ModelType,
            Parameters = measured.Parameters,
            Steps = run.Trainer.Step,
            Tokens = measured.TrainedTokens,
            FlopsPerToken = run.FlopsPerToken,
            FlopsFormula = FlopsFormula,
            TrainingSeconds = measured.TrainingSeconds,
            ClockSeconds = run.ClockSeconds,
            Threads = threads,
            Validation = new(
                run.HeldOut.ManifestHash, model.Nats, model.Tokens, model.Bytes, model.NatsPerToken, model.BitsPerByte, losses),
            Consumed = ConsumedRuns.Of(run.Recipe),
            Figures = measured.Trigram is null ? null : new()
            {
                Trigram = measured.Trigram,
                Floor = measured.Floor,
                ModelPairs = measured.ModelPairs,
                TrigramPairs = measured.TrigramPairs,
                Words = measured.Words,
                Samples = [.. measured.Samples.Select(sample => new WrittenSample(sample.Prompt, sample.Text))],
            },
            Kernels = run.Kernels.Name,
            Machine = RunMachine.Name,
            Program = Program,
        };
        ResultFile.Write(ResultFile.In(folder), finished);
        return finished;
    }
}
