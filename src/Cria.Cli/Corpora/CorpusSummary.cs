using System.Globalization;
using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Corpora;
using Cria.Reports;

namespace Cria.Cli.Corpora;

/// <summary>What <c>data build</c> prints: each stage, what it removed, a few examples, the parts.</summary>
static class CorpusSummary
{
    const int Examples = 3;

    public static string Text(BuiltCorpus corpus)
    {
        var text = new StringBuilder();
        foreach (StageReport stage in corpus.Stages)
        {
            string sizes = stage is { Before: { } before, After: { } after }
                ? $": {before.Documents:N0} documents, {Human.Bytes(before.Bytes)} → {after.Documents:N0}, {Human.Bytes(after.Bytes)}"
                : "";
            Line($"{stage.Stage}{sizes} ({Human.Duration(TimeSpan.FromSeconds(stage.Seconds))})");
            foreach (StageStep step in stage.Steps.Where(step => step.Documents > 0))
            {
                Line($"  {step.Name}: {step.Documents:N0} documents, {step.Characters:N0} characters");
                foreach (CleaningExample example in step.Examples.Take(Examples))
                    Line($"    {example.Place}: {Words(step, example)}");
            }

            foreach (StageFact fact in stage.Facts)
                Line($"  {fact.Name}: {fact.Value}");
        }

        return text.ToString().TrimEnd();

        void Line(string line) => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
    }

    /// <summary>An example in a line: what it was, what became of it, why.</summary>
    public static string Words(StageStep step, CleaningExample example)
    {
        string change = step.Removes || example.After.Length == 0 ? $"\"{example.Before}\"" : $"\"{example.Before}\" → \"{example.After}\"";
        return example.Reason.Length > 0 ? $"{change}: {example.Reason}" : change;
    }
}
