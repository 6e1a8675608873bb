using Cria.Training.Observation;
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

    [Theory, InlineData(60), InlineData(120), InlineData(600)]
    public void Bursts_of_slowness_leave_the_rate_at_the_bottom_and_the_end_on_time(double budget)
    {
        foreach (double step in (double[])[0.02, 0.1, 0.4])
            for (int seed = 0; seed < 12; seed++)
            {
                int next = 0;
                Random random = new(seed); // bursts of two seconds, ten seconds apart on the average
                var bursts = new List<double> { random.NextDouble() * 20 };
                while (bursts[^1] < 3 * budget)
                    bursts.Add(bursts[^1] + 2 + random.NextDouble() * 16);
                var run = Simulate(budget, Plain, _ => step, burst: at =>
                {
                    while (bursts[next] + 2 <= at)
                        next++;
                    return at >= bursts[next] ? 5 : 1;
                });
                foreach (ScheduleRecipe recipe in (ScheduleRecipe[])[new CosineRecipe(), new LinearRecipe(), new WsdRecipe()])
                {
                    var schedule = recipe.Create(1);
                    Assert.InRange(schedule.LearningRate(run.Steps - 1, run.Plan), 0, 0.02f);
                }
                Assert.InRange(run.Spent, 0.97 * budget, 1.03 * budget);
            }
    }

    [Fact]
    public void A_resumed_run_keeps_its_plan_while_its_first_steps_are_slow()
    {
        foreach (bool remembers in (bool[])[true, false])
        {
            StepPlan plan = new([new(10, 9000), new(3000, 10_800)]);
            FakeTime time = new();
            TimeBudget watch = new(TimeSpan.FromHours(3), plan, Plain, new(time));
            if (remembers)
                watch.Restore(new(1, 1e-4, null, null, 7300));
            watch.Begin();
            double spent = 3600;
            for (int step = 3601; step < 6000; step++)
            {
                double seconds = step <= 3603 ? 6 : 1;
                time.Advance(seconds);
                spent += seconds;
                watch.Plan(step, spent);
                Assert.Equal(0, watch.ProbeTokens * (remembers ? 1 : 0));
                Assert.InRange(plan.LastStep, 10_600, 10_800);
            }
        }
    }

    [Fact]
    public void A_run_that_has_gone_back_is_planned_at_once_and_from_there()
    {
        StepPlan plan = new([new(10, 100), new(60, 90)]);
        FakeTime time = new();
        TimeBudget watch = new(TimeSpan.FromSeconds(100), plan, new() { TokensPerStep = 1000 }, new(time));
        watch.Begin();
        double spent = 50;
        for (int step = 51; step <= 85; step++)
        {
            time.Advance(1);
            watch.Plan(step, ++spent);
        }
        time.Advance(1);
        Assert.NotNull(watch.Plan(50, ++spent));
        Assert.All(plan.Estimates, estimate => Assert.InRange(estimate.AtStep, 0, 50));
        Assert.InRange(plan.LastStep, 60, 65);
    }

    [Fact]
    public void A_probe_is_worth_a_hundredth_of_the_budget_and_a_last_evaluation_beyond_it_is_said()
    {
        Workload work = new() { TokensPerStep = 1000, EvaluatedTokens = 10_000_000, FinalTokens = 10_000_000 };
        FakeTime time = new();
        PhaseClock clock = new(time);
        TimeBudget watch = new(TimeSpan.FromSeconds(60), new([]), work, clock);
        watch.Begin();
        Replanned? said = null;
        for (int step = 1; said is null && step < 20; step++)
        {
            time.Advance(0.1);
            said = watch.Plan(step, clock.Total);
            if (watch.ProbeTokens is > 0 and var few)
            {
                Assert.InRange(few, 1, 20_000);
                clock.Enter(Phase.Evaluation);
                time.Advance(few * 1e-4 / 3);
                clock.Enter(Phase.Loop);
                watch.Evaluated(few);
            }
        }
        Assert.InRange(said!.FinalEvaluationSeconds, 330, 336);
        Assert.Contains("the evaluation at the end alone takes about 333 s", said.Text);
    }

    [Fact]
    public void What_reaches_the_disk_in_the_background_counts_at_the_end_and_the_pause_in_between()
    {
        Assert.InRange(Last(0.01), 9985, 9995);
        Assert.InRange(Last(50), 9885, 9895);

        static int Last(double write)
        {
            StepPlan plan = new([]);
            FakeTime time = new();
            PhaseClock clock = new(time);
            Workload work = new() { SaveEvery = 10, CheckpointBytes = 1000, ModelBytes = 1000, TokensPerStep = 1000 };
            TimeBudget watch = new(TimeSpan.FromSeconds(10_000), plan, work, clock);
            watch.Begin();
            for (int step = 1; step < 2000; step++)
            {
                time.Advance(1);
                if (step % 10 == 0)
                {
                    clock.Enter(Phase.Checkpoint);
                    time.Advance(0.01);
                    clock.Enter(Phase.Loop);
                    watch.Written(write);
                }
                watch.Plan(step, clock.Total);
            }
            return plan.LastStep;
        }
    }

    static void Holds((double Spent, int Steps, StepPlan Plan, double Longest) run, double budget) =>
        Assert.True(run.Spent <= budget * 1.01 && run.Spent >= budget * 0.99 - 2 * run.Longest,
            $"{run.Spent:F2} s of {budget} in {run.Steps} steps");

    /// <summary>The trainer's loop in small. An evaluated token takes a third of a trained one, and a checkpoint half a second.</summary>
    static (double Spent, int Steps, StepPlan Plan, double Longest) Simulate(
        double budget, Workload work, Func<int, double> stepSeconds, Func<double, double>? pace = null,
        Func<double, double>? burst = null)
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
            double start = clock.Total;
            if (burst is null)
                time.Advance(Slowed(stepSeconds(step)));
            else // in slices, since a burst may begin and end within a step
                for (double left = stepSeconds(step); left > 1e-9; left -= 0.02)
                    time.Advance(Math.Min(left, 0.02) * burst(clock.Total - began));
            longest = Math.Max(longest, clock.Total - start);
            step++;
            if (step < plan.LastStep && work.EvaluateEvery > 0 && step % work.EvaluateEvery == 0)
                Evaluate(work.EvaluatedTokens);
            if (step < plan.LastStep && work.SaveEvery > 0 && step % work.SaveEvery == 0)
                Spend(Phase.Checkpoint, 0.5);
            watch.Plan(step, clock.Total - began);
            if (watch.ProbeTokens > 0)
                Evaluate(watch.ProbeTokens);
        }
        Spend(Phase.Evaluation, Slowed(work.FinalTokens * token));
        if (work.CheckpointBytes > 0)
            Spend(Phase.Checkpoint, 0.5 + 0.5 * work.ModelBytes / work.CheckpointBytes);
        return (clock.Total - began, step, plan, longest);

        void Evaluate(long tokens)
        {
            Spend(Phase.Evaluation, Slowed(tokens * token));
            watch.Evaluated(tokens);
        }

        double Slowed(double seconds) => seconds * (pace?.Invoke(clock.Total - began) ?? 1);

        void Spend(Phase phase, double seconds)
        {
            var before = clock.Enter(phase);
            time.Advance(seconds);
            clock.Enter(before);
        }
    }
}
