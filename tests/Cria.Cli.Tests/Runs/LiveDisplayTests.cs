using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Training;
using Cria.Training.Observation;

namespace Cria.Cli.Tests.Runs;

public sealed class LiveDisplayTests
{
    static readonly SessionFacts Session = new() { PlannedSteps = 1000, FlopsPerToken = 1e6, PeakGflops = 10 };

    [Theory, InlineData(30), InlineData(60), InlineData(120), InlineData(200)]
    public void Everything_is_told_on_every_width(int width)
    {
        string text = Text(Figures(), width);
        foreach (string word in (string[])["step 250 of 1,000", "25.0 %", "loss 2.500", "validation 2.750 at 200", "ema 2.625 at 200", "learning rate 1.00e-3",
            "gradient 0.500", "clipped", "tokens/s", "10 % of peak", "25.1K tokens", "memory", "left", "rolled back to step 240", "“Once", "upon a llama”"])
            Assert.Contains(word, text, StringComparison.Ordinal);
        Assert.All(text.Split('\n')[..^2], line => Assert.InRange(line.Length, 1, width));
    }

    [Fact]
    public void An_unknown_peak_is_left_out_and_never_minus_one()
    {
        var figures = Figures(Session with { PeakGflops = 0 });
        Assert.DoesNotContain("peak", Text(figures, 100), StringComparison.Ordinal);
        Assert.DoesNotContain("-1", LiveLines.Plain(figures), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_asked_to_stop_is_told_what_happens()
    {
        var figures = Figures();
        figures.Cancellation = new(canceled: true);
        Assert.Contains("then the run is saved; Ctrl-C again stops at once", Text(figures, 100), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_plan_moves_the_end()
    {
        var figures = Figures();
        figures.Add(new Replanned(250, 500, 60));
        Assert.Contains("step 250 of 500", Text(figures, 100), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_events_and_the_end_are_lines()
    {
        List<string> log = [];
        using (LiveDisplay display = new(null, log.Add, default))
        {
            display.Started(Session with { PlannedSteps = 2 });
            display.Stepped(new(1, 5, 1e-3f, 1, 100, 0.1));
            display.Happened(new CheckpointFailed(1, "the disk is full"));
            display.Stepped(new(2, 4, 1e-3f, 1, 200, 0.1));
        }
        Assert.Equal(["step 1: checkpoint not saved: the disk is full"], log[..1]);
        Assert.StartsWith("step 2/2  loss 4.950  learning rate 1.00e-3", Assert.Single(log[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_budget_has_left_what_is_not_spent_whatever_the_steps_took()
    {
        var figures = Figures();
        figures.EndsIn(1e6);
        Assert.InRange(figures.Left, 9e5, 1e6);
        figures.Add(new Replanned(250, 100_000, 1e5));
        Assert.InRange(figures.Left, 9e4, 1e5);
        Assert.Equal("rolled back to step 240: a spike", figures.Event?.Text);
    }

    [Fact]
    public void Without_a_terminal_only_plans_that_move_the_end_are_told()
    {
        List<string> log = [];
        using (LiveDisplay display = new(null, log.Add, default))
        {
            display.Started(Session);
            foreach (int last in (int[])[100, 110, 119, 125, 130, 90])
                display.Happened(new Replanned(10, last, 60));
        }
        Assert.Equal(["100", "125", "90"], log.Select(line => line[(line.LastIndexOf("step ", StringComparison.Ordinal) + 5)..line.IndexOf(',')]));
    }

    static LiveFigures Figures(SessionFacts? session = null)
    {
        LiveFigures figures = new();
        figures.Start(session ?? Session);
        for (int step = 1; step <= 250; step++)
            figures.Add(new StepMetrics(step, 2.5, 1e-3f, 0.5f, step * 100L, 0.1) { ClipFactor = step % 2 == 0 ? 0.5f : 1 });
        figures.Add(new EvaluationMetrics(200, 275, 100, 0));
        figures.Add(new EvaluationMetrics(200, 262.5, 100, 0) { Weights = "ema" });
        figures.Add(new RolledBack(250, 240, "a spike"));
        figures.Add(new StepMetrics(250, 2.5, 1e-3f, 0.5f, 25_100, 0.1));
        figures.Sample = new(200, "Once", " upon a llama");
        return figures;
    }

    static string Text(LiveFigures figures, int width) =>
        string.Join('\n', LiveLines.Of(figures, width).Select(line => string.Concat(line.Select(piece => piece.Text)).TrimEnd()));
}
