using System.Globalization;
using Cria.Cli.Results;
using Cria.Reports;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>What a process knows of its run before the first step.</summary>
static class RunSession
{
    /// <param name="run">Prepared.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="peakGflops">As <see cref="RunMeasurement.PeakGflops"/> measured it; 0 where it could not.</param>
    public static SessionFacts Of(PretrainRun run, int threads, double peakGflops)
    {
        var memory = run.Trainer.Memory;
        return new()
        {
            Version = RunRecording.Program,
            Machine = RunMachine.Name,
            MachineMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Kernels = run.Kernels.Name,
            Threads = threads,
            Step = run.Trainer.Step,
            PlannedSteps = run.Trainer.Planned.LastStep,
            TokensPerStep = run.Trainer.TokensPerStep,
            Parameters = run.Model.Parameters.Count,
            FlopsPerToken = run.FlopsPerToken,
            FlopsFormula = Formula(run),
            PeakGflops = peakGflops > 0 && double.IsFinite(peakGflops) ? peakGflops : 0,
            PeakSource = string.Create(CultureInfo.InvariantCulture,
                $"the best rate of this step's own matrix products, by these kernels or a CBLAS that was found, measured on {threads} {(threads == 1 ? "thread" : "threads")} before the first step"),
            Memory = new Dictionary<string, long>
            {
                ["weights"] = memory.Weights,
                ["gradients"] = memory.Gradients,
                ["optimizer"] = memory.Optimizer,
                ["activations"] = memory.Arena,
                ["tables"] = memory.Tables,
                ["kernels' own"] = memory.Scratch,
            },
            Data = Data(run),
        };
    }

    static string Formula(PretrainRun run)
    {
        var config = run.Recipe.Model;
        long products = 6 * config.MatMulWeights, attention = run.FlopsPerToken - products;
        long length = attention / Math.Max(1, 6L * config.NumHiddenLayers * config.AttentionColumns);
        return string.Create(CultureInfo.InvariantCulture,
            $"6 × {config.MatMulWeights:N0} matmul weights (head in, embedding out) + 6·L·N·D·T = 6·{config.NumHiddenLayers}·{config.AttentionColumns}·{length:N0} " +
            $"for causal attention = {Human.Count(run.FlopsPerToken)}; recomputation is not counted");
    }

    static Dictionary<string, string> Data(PretrainRun run)
    {
        var (train, held) = (run.Training, run.HeldOut);
        var data = new Dictionary<string, string>
        {
            ["training"] = Size(train.Documents, train.TextBytes, train.Tokens),
            ["validation"] = Size(held.Documents, run.HeldOutBytes, held.Tokens),
            ["vocabulary"] = $"{run.Corpus.Tokenizer.VocabSize:N0} tokens" +
                (train.TextBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", {(double)bytes / train.Tokens:F2} bytes a token") : ""),
            ["reader"] = train.Plan ?? run.Recipe.Data.Reader.Type,
        };
        if (run.Corpus.Report is { } cleaning)
            foreach (var step in cleaning.Steps.Append(cleaning.Empty).Append(cleaning.Duplicates))
                if (step.Documents > 0)
                    data[$"cleaned by {step.Name}"] = $"{step.Documents:N0} documents, {step.Characters:N0} characters";
        if (run.Corpus.Statistics is { InvalidDocuments: > 0 } statistics)
            data["not UTF-8"] = $"{statistics.InvalidDocuments:N0} documents, repaired by U+FFFD";
        return data;
    }

    // Other people's token files count neither documents nor bytes.
    static string Size(long? documents, long? bytes, long tokens) =>
        (documents is { } d ? $"{d:N0} documents, " : "") + (bytes is { } b ? $"{Human.Bytes(b)}, " : "") + $"{tokens:N0} tokens";
}
