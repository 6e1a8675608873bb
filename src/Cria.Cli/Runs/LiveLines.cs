using System.Globalization;
using Cria.Cli.Frame;
using Cria.Reports;

namespace Cria.Cli.Runs;

/// <summary>The words of the live display: a bar, then as many facts a line as the terminal is wide.</summary>
static class LiveLines
{
    const int WidestBar = 60, NarrowestBar = 8;
    const string Gap = "   ";

    /// <param name="width">Columns that a line may take.</param>
    public static IReadOnlyList<IReadOnlyList<Piece>> Of(LiveFigures figures, int width)
    {
        List<IReadOnlyList<Piece>> lines = [Bar(figures, width)];
        lines.AddRange(Flow([.. Facts(figures)], width));
        if (figures.Event is { } happened)
            lines.Add([new($"step {happened.Step:N0}: {happened.Text}", happened.IsBad ? Tone.Alarm : Tone.Quiet)]);
        if (figures.Sample is { } sample)
            lines.Add([new($"“{sample.Prompt}", Tone.Quiet), new($"{sample.Text}”")]);
        if (figures.Cancellation.IsCancellationRequested)
            lines.Add([new("stopping: this step ends, then the run is saved; Ctrl-C again stops at once", Tone.Alarm)]);
        return lines;
    }

    /// <summary>The same in one line, for logs.</summary>
    public static string Plain(LiveFigures figures) =>
        string.Join("  ",
            Facts(figures).Select(fact => $"{fact.Name} {fact.Value}".Trim()).Prepend($"step {figures.Step:N0}/{figures.PlannedSteps:N0}"));

    static List<Piece> Bar(LiveFigures figures, int width)
    {
        double done = figures.PlannedSteps == 0 ? 0 : Math.Clamp((double)figures.Step / figures.PlannedSteps, 0, 1);
        string steps = $"step {figures.Step:N0} of {figures.PlannedSteps:N0} ", percent = string.Create(CultureInfo.InvariantCulture, $" {100 * done:F1} %");
        int room = Math.Min(WidestBar, width - steps.Length - percent.Length);
        if (room < NarrowestBar)
            return [new(steps, Tone.Strong), new(percent)];
        int filled = (int)(room * done);
        return [new(steps, Tone.Strong), new(new string('━', filled)), new(new string('─', room - filled), Tone.Quiet), new(percent)];
    }

    static IEnumerable<(string Name, string Value)> Facts(LiveFigures figures)
    {
        yield return ("loss", Fixed(figures.Loss));
        if (figures.Parts is { } parts)
        {
            yield return ("cross-entropy", Fixed(parts.CrossEntropy));
            yield return ("divergence", Fixed(parts.Divergence));
        }
        if (figures.Validation is { } held)
            yield return ("validation", $"{Fixed(held.Loss)}{(held.Divergence is { } far ? $", divergence {Fixed(far)}" : "")} at {held.Step:N0}");
        if (figures.Averaged is { } averaged)
            yield return (averaged.Weights, $"{Fixed(averaged.Loss)} at {averaged.Step:N0}");
        yield return ("learning rate", figures.LearningRate.ToString("0.00e0", CultureInfo.InvariantCulture));
        yield return ("gradient", Human.Number(figures.GradientNorm) + (figures.ClipRate >= 0.005 ? $" ({100 * figures.ClipRate:F0} % clipped)" : ""));
        yield return ("", $"{Human.Count(figures.TokensPerSecond)} tokens/s");
        if (double.IsFinite(figures.ShareOfPeak))
            yield return ("", $"{100 * figures.ShareOfPeak:F0} % of peak");
        yield return ("", $"{Human.Count(figures.Tokens)} tokens");
        yield return ("memory", Human.Bytes(Environment.WorkingSet));
        yield return ("", $"{Time(figures.Elapsed)} gone");
        if (double.IsFinite(figures.Left))
            yield return ("", $"{Time(figures.Left)} left");
    }

    static List<IReadOnlyList<Piece>> Flow(IReadOnlyList<(string Name, string Value)> facts, int width)
    {
        List<IReadOnlyList<Piece>> lines = [];
        List<Piece> line = [];
        int length = 0;
        foreach (var (name, value) in facts)
        {
            int needed = name.Length + (name.Length > 0 ? 1 : 0) + value.Length;
            if (line.Count > 0 && length + Gap.Length + needed > width)
            {
                lines.Add(line);
                (line, length) = ([], 0);
            }
            if (line.Count > 0)
                line.Add(new(Gap));
            length += (line.Count > 0 ? Gap.Length : 0) + needed;
            if (name.Length > 0)
                line.Add(new(name + " ", Tone.Quiet));
            line.Add(new(value));
        }
        if (line.Count > 0)
            lines.Add(line);
        return lines;
    }

    static string Fixed(double loss) => double.IsFinite(loss) ? loss.ToString("F3", CultureInfo.InvariantCulture) : "–";

    static string Time(double seconds) => Human.Duration(TimeSpan.FromSeconds(Math.Min(seconds, 1e9)));
}
