using Cria.Training.Schedules;
using Cria.Training.Stopping;

namespace Cria.Training.Tests.Stopping;

/// <summary>Whole runs on a clock that only this test moves.</summary>
public sealed class TimeBudgetTests
{
    static readonly Workload Plain = new() { TokensPerStep = 1000, EvaluatedTokens = 2_000, FinalTokens = 20_000 };

    static readonly Workload Busy = new()
    {
        TokensPerStep = 1000,
        EvaluateEvery = 50,
        EvaluatedTokens = 5_000,
        FinalTokens = 50_000,
        SaveEvery = 200,
        CheckpointBytes = 50_000_000,
        ModelBytes = 16_000_000,
    };

    [Theory]
    [InlineData(60, 0.1), InlineData(3600, 0.1), InlineData(10_800, 1.3), InlineData(360, 0.003), InlineData(120, 2)]
    public void A_steady_machine_ends_within_a_hundredth_of_the_budget(double budget, double step)
    {
        foreach (var work in (Workload[])[Plain, Busy])
            Holds(Simulate(budget, work, _ => step), budget);
    }

    [Theory]
    [InlineData(2), InlineData(0.5), InlineData(5)]
    public void A_machine_that_becomes_slower_or_faster_in_the_middle_still_ends_on_time(double factor)
    {
        foreach (var work in (Workload[])[Plain, Busy])
        {
            Holds(Simulate(600, work, _ => 0.2, clock => clock > 300 ? factor : 1), 600);
            Holds(Simulate(600, work, _ => 0.2, clock => clock > 500 ? factor : 1), 600);
        }
    }

    [Fact]
    public void Slow_first_steps_and_steps_of_every_length_do_not_upset_it()
    {
        Holds(Simulate(300, Busy, step => step < 2 ? 8 : 0.1), 300);
        Holds(Simulate(300, Busy, step => 0.05 * (1 + step * 7919 % 13)), 300);
        Holds(Simulate(300, Plain, step => step % 10 == 0 ? 0.5 : 0.1), 300);
    }

    [Fact]
    public void The_plan_is_recorded_some_sixty_times_at_most_and_the_last_ones_agree()
    {
        var run = Simulate(10_800, Busy, step => 0.2 * (1 + 0.1 * Math.Sin(step)));
        Assert.InRange(run.Plan.Estimates.Count, 2, 120);
        var late = run.Plan.Estimates.Where(estimate => estimate.AtStep > 0.9 * run.Plan.LastStep).ToList();
        Assert.All(late, estimate => Assert.InRange(estimate.LastStep, 0.99 * run.Plan.LastStep, 1.01 * run.Plan.LastStep));
    }

    [Fact]
    public void The_rate_has_fallen_to_its_end_whatever_happens_to_the_machine()
    {
        foreach (ScheduleRecipe recipe in (ScheduleRecipe[])[new CosineRecipe(), new LinearRecipe(), new WsdRecipe(), new OneCycleRecipe()])
            foreach (double factor in (double[])[0.5, 1, 2, 4])
            {
                var run = Simulate(600, Busy, _ => 0.2, clock => clock > 250 ? factor : 1);
                var schedule = recipe.Create(1);
                float[] rates = [.. Enumerable.Range(0, run.Plan.LastStep).Select(step => schedule.LearningRate(step, run.Plan))];
                Assert.InRange(rates[^1], 0, 1e-5f);
                for (int step = 51; step < rates.Length; step++)
                    Assert.InRange(rates[step - 1] - rates[step], -1e-6f, 0.13f);
            }
    }

    [Fact]
    public void A_budget_too_short_for_a_handful_of_steps_ends_all_the_same()
    {
        var run = Simulate(10, Plain, _ => 3);
        Assert.InRange(run.Steps, 1, 3);
    }

    static void Holds((double Spent, int Steps, StepPlan Plan, double Longest) run, double budget) =>
        Assert.True(run.Spent <= budget * 1.01 && run.Spent >= budget * 0.99 - 2 * run.Longest,
            $"{run.Spent:F2} s of {budget} in {run.Steps} steps");

    /// <summary>The trainer's loop in small. An evaluated token takes a third of a trained one, and a checkpoint half a second.</summary>
    static (double Spent, int Steps, StepPlan Plan, double Longest) Simulate(
        double budget, Workload work, Func<int, double> stepSeconds, Func<double, double>? pace = null)
    {
        var time = new FakeTime();
        var clock = new PhaseClock(time);
        StepPlan plan = new([]);
        TimeBudget watch = new(TimeSpan.FromSeconds(budget), plan, work, clock);
        time.Advance(17); // before the first step, so not the run's
        double began = clock.Total, longest = 0, token = Enumerable.Range(10, 100).Average(stepSeconds) / work.TokensPerStep / 3;
        watch.Begin();
        int step = 0;
        while (step < plan.LastStep)
        {
            double seconds = Slowed(stepSeconds(step));
            longest = Math.Max(longest, seconds);
            time.Advance(seconds);
            step++;
            if (step < plan.LastStep && work.EvaluateEvery > 0 && step % work.EvaluateEvery == 0)
                Spend(Phase.Evaluation, Slowed(work.EvaluatedTokens * token));
            if (step < plan.LastStep && work.SaveEvery > 0 && step % work.SaveEvery == 0)
                Spend(Phase.Checkpoint, 0.5);
            watch.Plan(step, clock.Total - began);
            if (watch.LacksEvaluation)
                Spend(Phase.Evaluation, Slowed(work.EvaluatedTokens * token));
        }
        Spend(Phase.Evaluation, Slowed(work.FinalTokens * token));
        if (work.CheckpointBytes > 0)
            Spend(Phase.Checkpoint, 0.5 + 0.5 * work.ModelBytes / work.CheckpointBytes);
        return (clock.Total - began, step, plan, longest);

        double Slowed(double seconds) => seconds * (pace?.Invoke(clock.Total - began) ?? 1);

        void Spend(Phase phase, double seconds)
        {
            var before = clock.Enter(phase);
            time.Advance(seconds);
            clock.Enter(before);
        }
    }
}
