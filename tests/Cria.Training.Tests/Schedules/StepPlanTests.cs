using Cria.Training.Schedules;

namespace Cria.Training.Tests.Schedules;

public sealed class StepPlanTests
{
    static readonly ISchedule Cosine = new CosineRecipe { WarmupSteps = 10 }.Create(1);
    static readonly ISchedule Wsd = new WsdRecipe { WarmupSteps = 10, DecayShape = DecayShape.Linear }.Create(1);

    [Theory, InlineData(120), InlineData(90), InlineData(400)]
    public void A_new_plan_bends_the_rate_and_does_not_break_it(int steps)
    {
        StepPlan before = new([new(0, 100)]), after = new([new(0, 100), new(60, steps)]);
        for (int step = 0; step <= 60; step++)
            Assert.Equal(Cosine.LearningRate(step, before), Cosine.LearningRate(step, after));
        for (int step = 61; step < steps; step++)
            Assert.InRange(Cosine.LearningRate(step - 1, after) - Cosine.LearningRate(step, after), 0, 0.05);
        Assert.Equal(0, Cosine.LearningRate(steps - 1, after), 1e-6);
    }

    [Fact]
    public void Before_the_first_plan_the_rate_stays_at_the_peak()
    {
        StepPlan plan = new([new(40, 100)]);
        Assert.Equal(1, Cosine.LearningRate(40, plan));
        Assert.True(Cosine.LearningRate(41, plan) < 1);
        Assert.Equal(0, Cosine.LearningRate(99, plan), 1e-6);
        Assert.Equal(int.MaxValue, new StepPlan([]).LastStep);
    }

    [Fact]
    public void The_decay_of_wsd_begins_when_the_newest_plan_says_so()
    {
        StepPlan longer = new([new(0, 100), new(50, 200)]), shorter = new([new(0, 200), new(50, 100)]);
        Assert.Equal(1, Wsd.LearningRate(160, longer));
        Assert.True(Wsd.LearningRate(161, longer) < 1);
        Assert.Equal(1, Wsd.LearningRate(80, shorter));
        Assert.True(Wsd.LearningRate(81, shorter) < 1);
        Assert.Equal(0, Wsd.LearningRate(99, shorter), 1e-6);
    }

    [Fact]
    public void A_plan_that_is_already_in_its_decay_begins_it_at_once()
    {
        StepPlan late = new([new(0, 1000), new(95, 100)]);
        Assert.Equal(1, Wsd.LearningRate(95, late));
        Assert.Equal(0.75, Wsd.LearningRate(96, late), 1e-6);
        Assert.Equal(0, Wsd.LearningRate(99, late), 1e-6);
    }

    [Fact]
    public void A_decay_that_has_begun_goes_on_even_if_the_run_turns_out_longer()
    {
        StepPlan plan = new([new(0, 100), new(90, 300)]); // by the newest plan alone it would begin at 240
        float before = Wsd.LearningRate(90, plan);
        Assert.InRange(before, 0.4f, 0.6f);
        Assert.InRange(Wsd.LearningRate(91, plan), before - 0.01f, before - 1e-4f);
        Assert.Equal(0, Wsd.LearningRate(299, plan), 1e-6);
    }

    [Fact]
    public void A_run_shorter_than_its_warm_up_still_ends_at_the_bottom()
    {
        var slow = new LinearRecipe { WarmupSteps = 1000 }.Create(1);
        StepPlan plan = new([new(5, 100)]);
        Assert.True(slow.LearningRate(50, plan) > slow.LearningRate(20, plan));
        Assert.Equal(0, slow.LearningRate(99, plan), 1e-7);
    }

    [Fact]
    public void An_estimate_is_never_of_a_step_that_is_done_and_voids_those_of_later_steps()
    {
        StepPlan plan = new([new(5, 100), new(40, 80)]);
        plan.Estimate(50, 20);
        Assert.Equal(50, plan.LastStep);
        plan.Estimate(30, 90);
        Assert.Equal([new(5, 100), new(30, 90)], plan.Estimates);
    }
}
