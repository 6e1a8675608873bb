using Cria.Reports;
using Cria.Reports.Pages;

namespace Cria.Cli.Pages;

/// <summary>What the model wrote at the end, and what it wrote on the way there.</summary>
static class SampleSection
{
    const int MostMoments = 8;

    public static void Add(ReportSection section, RecordedRun run)
    {
        foreach (var (prompt, text) in run.Result?.Figures?.Samples ?? [])
            section.Sample(prompt, text);
        if (run.Result?.Figures?.Words is { Words: > 0 } words)
            section.Note($"{Human.Percent(words.Share)} of the {words.Words:N0} words written here occur in the training text" +
                (words.Unknown.Count == 0 ? "." : $"; of those that do not: {string.Join(", ", words.Unknown.Take(12))}."));
        // One prompt, followed from the beginning; what was written last stands above already.
        bool isFinished = run.Result?.Figures is not null;
        var moments = run.Metrics.Samples
            .Where(sample => sample.Prompt == run.Metrics.Samples[0].Prompt && !(isFinished && sample.Step == run.StepsDone)).ToList();
        if (moments.Count == 0)
            return;
        section.Text(isFinished ? "On the way there:" : "Until now:");
        int shown = Math.Min(MostMoments, moments.Count);
        for (int i = 0; i < shown; i++)
        {
            var sample = moments[shown == 1 ? 0 : (int)((long)i * (moments.Count - 1) / (shown - 1))];
            section.Sample(sample.Prompt, sample.Text, $"after step {sample.Step:N0}");
        }
    }
}
