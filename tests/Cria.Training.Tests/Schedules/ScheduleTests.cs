using Cria.Models;
using Cria.Training.Schedules;

namespace Cria.Training.Tests.Schedules;

public sealed class ScheduleTests
{
    /// <summary>Every kind, with a peak of 1, a minimum of 0.1 where it has one, and a warm-up of 10 of 111 steps.</summary>
    public static TheoryData<ScheduleRecipe> Kinds => new((ScheduleRecipe[])
    [
        new CosineRecipe { WarmupSteps = 10, MinLearningRate = 0.1f },
        new LinearRecipe { WarmupSteps = 10, MinLearningRate = 0.1f },
        .. Enum.GetValues<DecayShape>().Select(shape => new WsdRecipe { WarmupSteps = 10, MinFraction = 0.1f, DecayShape = shape }),
        new OneCycleRecipe { WarmupSteps = 10, StartDivisor = 5, FinalDivisor = 2 },
        new InverseSqrtRecipe { WarmupSteps = 10, MinLearningRate = 0.1f },
        new ConstantRecipe { WarmupSteps = 10 },
    ]);

    [Theory]
    [InlineData(0, 0.1)] // the first of ten steps of warm-up
    [InlineData(4, 0.5)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(60, 0.55)] // half way between the peak and the minimum of 0.1
    [InlineData(110, 0.1)]
    [InlineData(500, 0.1)]
    public void Cosine_rises_over_the_warm_up_and_falls_by_half_a_cosine(int step, double rate) =>
        Assert.Equal(rate, new Cosine(1, 0.1f, new(10)).LearningRate(step, new(111)), 1e-6);

    [Fact]
    public void Without_warm_up_it_begins_at_the_peak_and_one_step_is_no_division_by_zero()
    {
        foreach (var kind in Kinds)
        {
            var schedule = (kind.Data with { WarmupSteps = 0 }).Create(2);
            Assert.Equal(2, schedule.LearningRate(0, new(100)));
            Assert.Equal(2, schedule.LearningRate(0, new(1)));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_rate_rises_to_the_peak_and_never_again(ScheduleRecipe recipe)
    {
        float[] rates = Rates(recipe, 111);
        for (int step = 1; step < 10; step++)
            Assert.True(rates[step] > rates[step - 1], $"step {step}: {rates[step]} after {rates[step - 1]}");
        Assert.Equal(1, rates[9]);
        for (int step = 10; step < 111; step++)
            Assert.True(rates[step] <= rates[step - 1] * (1 + 1e-6f) && float.IsFinite(rates[step]), $"step {step}: {rates[step]} after {rates[step - 1]}");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_last_step_has_the_minimum_and_the_step_after_it_too(ScheduleRecipe recipe)
    {
        float[] rates = Rates(recipe, 112);
        if (recipe is ConstantRecipe or InverseSqrtRecipe) // they have no last step
            return;
        rates = [.. Enumerable.Range(0, 112).Select(step => recipe.Create(1).LearningRate(step, new(111)))];
        Assert.Equal(0.1, rates[110], 1e-6);
        Assert.Equal(0.1, rates[111], 1e-6);
    }

    [Theory]
    [InlineData(DecayShape.Linear, 0.75, 0.5, 0.25)]
    [InlineData(DecayShape.Cosine, 0.853553, 0.5, 0.146447)]
    [InlineData(DecayShape.Sqrt, 0.5, 0.292893, 0.133975)]
    [InlineData(DecayShape.Square, 0.9375, 0.75, 0.4375)]
    [InlineData(DecayShape.MirrorCosine, 0.646447, 0.5, 0.353553)]
    public void Wsd_holds_the_peak_and_descends_in_its_shape(DecayShape shape, double quarter, double half, double threeQuarters)
    {
        var schedule = new WarmupStableDecay(1, 0, new(10), 0.2f, shape);
        StepPlan plan = new(505); // the last 101 steps: 404 to 504
        Assert.Equal(1, schedule.LearningRate(10, plan));
        Assert.Equal(1, schedule.LearningRate(404, plan));
        Assert.True(schedule.LearningRate(405, plan) < 1);
        Assert.Equal(quarter, schedule.LearningRate(429, plan), 1e-6);
        Assert.Equal(half, schedule.LearningRate(454, plan), 1e-6);
        Assert.Equal(threeQuarters, schedule.LearningRate(479, plan), 1e-6);
        Assert.Equal(0, schedule.LearningRate(504, plan), 1e-7);
    }

    [Fact]
    public void An_exponential_descent_falls_by_the_same_factor_in_every_step()
    {
        var schedule = new WarmupStableDecay(1, 0.01f, new(0), 1, DecayShape.Exponential);
        StepPlan plan = new(101);
        Assert.Equal(0.1, schedule.LearningRate(50, plan), 1e-6);
        for (int step = 1; step <= 100; step++)
            Assert.Equal(Math.Pow(0.01, 0.01), schedule.LearningRate(step, plan) / schedule.LearningRate(step - 1, plan), 1e-5);
    }

    [Theory] // from PyTorch's formula, evaluated elsewhere in double
    [InlineData(100, 1e-3, 30, 25, 1e4, 0, 3.9999999999999996e-05)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 1, 4.281378056590743e-05)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 15, 0.0005459866761210004)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 29, 0.001)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 30, 0.0009994965352845243)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 64, 0.0005000019999999999)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 98, 5.074647154757879e-07)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 99, 4e-09)]
    [InlineData(100, 1e-3, 30, 25, 1e4, 100, 4e-09)] // where PyTorch throws
    [InlineData(10000, 1.25e-3, 500, 100, 0.1, 0, 1.25e-05)] // a hundredth of the peak, the peak, a tenth of the peak
    [InlineData(10000, 1.25e-3, 500, 100, 0.1, 499, 1.25e-3)]
    [InlineData(10000, 1.25e-3, 500, 100, 0.1, 9999, 1.25e-4)]
    [InlineData(10000, 1e-3, 500, 100, 1, 9999, 1e-5)]
    public void One_cycle_is_that_of_PyTorch(int steps, double peak, int warmup, double start, double final, int step, double rate)
    {
        var recipe = new OneCycleRecipe { WarmupSteps = warmup, StartDivisor = (float)start, FinalDivisor = (float)final };
        Assert.Equal(rate, recipe.Create((float)peak).LearningRate(step, new(steps)), rate * 1e-5);
    }

    [Fact]
    public void Cosine_with_a_warm_up_from_nothing_is_that_of_nanoGPT()
    {
        var recipe = new CosineRecipe { WarmupSteps = 2000, WarmupFrom = 0, MinLearningRate = 1e-5f };
        var schedule = recipe.Create(3e-4f);
        StepPlan plan = new(100_001); // it counts to its last step and takes it too
        Assert.Equal(0, schedule.LearningRate(0, plan));
        Assert.Equal(1.5e-4f, schedule.LearningRate(1000, plan), 1e-9f);
        Assert.Equal(3e-4f, schedule.LearningRate(2000, plan), 1e-9f);
        Assert.Equal(1e-5 + 0.5 * (1 + Math.Cos(Math.PI * 38_000 / 98_000)) * 2.9e-4, schedule.LearningRate(40_000, plan), 1e-9);
        Assert.Equal(1e-5f, schedule.LearningRate(100_000, plan), 1e-10f);
    }

    [Fact]
    public void The_inverse_square_root_halves_at_four_times_the_warm_up()
    {
        var schedule = new InverseSqrtRecipe { WarmupSteps = 4000 }.Create(1e-3f);
        Assert.Equal(1e-3f, schedule.LearningRate(3999, new(1)));
        Assert.Equal(5e-4f, schedule.LearningRate(15_999, new(1)), 1e-9f);
    }

    [Theory]
    [InlineData("min_learning_rate 2"), InlineData("twice"), InlineData("min_fraction 2"), InlineData("warmup_from -1")]
    [InlineData("decay_fraction 0"), InlineData("min_fraction, for"), InlineData("start_divisor 0"), InlineData("warmup_steps -1")]
    public void What_cannot_be_is_refused_with_its_name(string what)
    {
        ScheduleRecipe recipe = what switch
        {
            "min_learning_rate 2" => new LinearRecipe { MinLearningRate = 2 },
            "twice" => new CosineRecipe { MinLearningRate = 0.1f, MinFraction = 0.1f },
            "min_fraction 2" => new CosineRecipe { MinFraction = 2 },
            "warmup_from -1" => new ConstantRecipe { WarmupFrom = -1 },
            "decay_fraction 0" => new WsdRecipe { DecayFraction = 0 },
            "min_fraction, for" => new WsdRecipe { DecayShape = DecayShape.Exponential },
            "start_divisor 0" => new OneCycleRecipe { StartDivisor = 0 },
            _ => new InverseSqrtRecipe { WarmupSteps = -1 },
        };
        Assert.Contains(what, Assert.Throws<ConfigException>(() => recipe.Validate(1)).Message);
    }

    [Fact]
    public void Every_kind_has_its_name_in_the_catalog() => Assert.All(ScheduleCatalog.RecipeTypes,
        kind => Assert.Equal(kind.Key, ((ScheduleRecipe)Activator.CreateInstance(kind.Value)!).Type));

    static float[] Rates(ScheduleRecipe recipe, int steps)
    {
        var schedule = recipe.Create(1);
        StepPlan plan = new(steps);
        return [.. Enumerable.Range(0, steps).Select(step => schedule.LearningRate(step, plan))];
    }
}
