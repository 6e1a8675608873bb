using Cria.Cli.Frame;
using Cria.Cli.Sweeps;

namespace Cria.Cli.Tests.Sweeps;

public sealed class SweepPlanTests
{
    [Theory]
    [InlineData("a.b=1,2,3", "1|2|3")]
    [InlineData("a=[x,y],[z]", "[x,y]|[z]")]
    [InlineData("a=\"x,y\", z", "\"x,y\"|z")]
    [InlineData("a={type: lion, beta1: 0.9},{type: adamw}", "{type: lion, beta1: 0.9}|{type: adamw}")]
    [InlineData("a=1e-3", "1e-3")]
    public void Values_stand_between_commas_and_brackets_keep_theirs(string text, string expected) =>
        Assert.Equal(expected.Split('|'), SweepAxis.Parse(text).Values);

    [Theory]
    [InlineData("a"), InlineData("=1"), InlineData("a="), InlineData("a=1,1"), InlineData("a=1,,2"), InlineData("a=2..1"), InlineData("a=log:0..1")]
    [InlineData("a=x..y"), InlineData("a=1..2..3")]
    public void What_cannot_be_varied_is_refused_with_an_example(string text)
    {
        string message = Assert.Throws<UsageException>(() => SweepAxis.Parse(text)).Message;
        Assert.Contains(text, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_has_every_combination_once()
    {
        var trials = Plan(["a=1,2,3", "b=x,y"]).Trials();
        Assert.Equal(["a=1, b=x", "a=1, b=y", "a=2, b=x", "a=2, b=y", "a=3, b=x", "a=3, b=y"], trials.Select(trial => trial.Label));
        Assert.Equal(["a=3", "b=y"], trials[^1].Overrides);
    }

    [Fact]
    public void What_has_one_value_is_put_into_every_recipe_and_names_nothing()
    {
        var plan = Plan(["a=1,2", "b=x"]);
        Assert.Equal(["a"], plan.Varied.Select(axis => axis.Path));
        Assert.Equal(["a=1", "a=2"], plan.Trials().Select(trial => trial.Label));
        Assert.Equal(["b=x", "a=2"], plan.Trials()[^1].Overrides);
    }

    [Fact]
    public void Points_are_told_apart_by_their_recipes_and_by_as_much_of_their_paths_as_it_takes()
    {
        Assert.Equal(["x, a=1", "x, a=2", "y, a=1", "y, a=2"],
            Plan(["a=1,2"], recipes: ["over/x.yaml", "y.yaml"]).Trials().Select(trial => trial.Label));
        Assert.Equal("optimizer.type=1, reader.type=3, seed=5",
            Plan(["optimizer.type=1,2", "data.reader.type=3,4", "seed=5,6"]).Trials()[0].Label);
        Assert.Equal(["x", "y"], Plan([], recipes: ["x.yaml", "y.yaml"]).Trials().Select(trial => trial.Label));
        var standings = Standing.Of([Line("x.yaml", 1), Line("y.yaml", 2)], seeds: 1, recipes: 2);
        Assert.Equal(["x, a=7", "y, a=7"], standings.Select(standing => standing.Label));

        static SweepLine Line(string recipe, double loss) => new(
            $"{recipe}-1", recipe, new Dictionary<string, string> { ["a"] = "7" }, 1, 10, true, loss, loss / 2, 100, 1000, 1e9, 2);
    }

    [Theory]
    [InlineData(10, 1e13, 0, 0, "10 runs, 1.00e13 FLOPs in all: 1 min 40 s for every 100 GFLOP/s")]
    [InlineData(4, 0, 4, 480, "4 runs, which end at a time: 8 min 00 s one after the other, 4 min 00 s with --jobs 2")]
    [InlineData(3, 1e11, 1, 60, "1 of them end at a time: 1 min 00 s one after the other, 1 min 00 s with --jobs 2")]
    public void What_a_sweep_takes_is_FLOPs_or_a_time(int runs, double flops, int timed, double seconds, string said)
    {
        string text = new SweepCost(runs, flops, timed, seconds).Text(jobs: 2);
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Equal(timed > 0, text.Contains("depends on the machine", StringComparison.Ordinal));
        Assert.Equal(timed < runs, text.Contains("FLOPs in all", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 1e-3, 1e-2)]
    [InlineData(true, 1e-3, 2e-3, 4e-3)]
    [InlineData(true, 1.0, 3.0, 7.0, 14.0)]
    [InlineData(false, 1.0, 2.0, 3.0)]
    [InlineData(false, 0.1, 0.2)]
    [InlineData(false, 0.0, 1.0, 10.0)]
    [InlineData(false, 0.5)]
    public void Values_that_lie_factors_apart_stand_on_a_logarithmic_axis(bool expected, params double[] values) =>
        Assert.Equal(expected, SweepAxis.AreFactorsApart(values));

    [Fact]
    public void Random_points_are_the_same_every_time_and_take_one_of_every_stretch_of_each_range()
    {
        var plan = Plan(["a=log:1e-4..1e-2", "b=0..1", "c=x,y"], random: 20);
        var trials = plan.Trials();
        Assert.Equal(trials.Select(trial => trial.Label), plan.Trials().Select(trial => trial.Label));
        Assert.Equal(20, trials.Count);
        double[] a = [.. trials.Select(trial => SweepAxis.Number(trial.Values[0].Value)!.Value).Order()];
        for (int i = 0; i < 20; i++)
            Assert.InRange(Math.Log10(a[i] / 1e-4) * 10, i - 0.01, i + 1.01);
        Assert.Equal(10, trials.Count(trial => trial.Values[2].Value == "x"));
        Assert.NotEqual(trials.Select(trial => trial.Label), (plan with { DrawSeed = 2 }).Trials().Select(trial => trial.Label));
    }

    [Fact]
    public void A_range_in_a_grid_a_path_twice_and_too_many_points_are_refused()
    {
        Assert.Contains("--random", Assert.Throws<UsageException>(() => Plan(["a=0..1"]).Trials()).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<UsageException>(() => Plan(["a=1,2", "a=3,4"]).Trials()).Message, StringComparison.Ordinal);
        string hundred = string.Join(',', Enumerable.Range(0, 100));
        Assert.Contains("1,000,000", Assert.Throws<UsageException>(() =>
            Plan([$"a={hundred}", $"b={hundred}", $"c={hundred}"]).Trials()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3,100", 900, "100|300|900")]
    [InlineData("2,100", 366, "183|366")]
    [InlineData("3,41", 366, "41|122|366")]
    [InlineData("4,1000", 366, "366")]
    public void Rounds_grow_by_the_factor_and_end_at_the_recipes_length(string text, int steps, string expected) =>
        Assert.Equal(expected.Split('|').Select(int.Parse), Halving.Parse(text).Rounds(steps));

    [Theory]
    [InlineData("3"), InlineData("1,100"), InlineData("3,0"), InlineData("3,1.5"), InlineData("x,y"), InlineData("3,100,7")]
    public void A_halving_that_is_none_is_refused(string text) =>
        Assert.Contains(text, Assert.Throws<UsageException>(() => Halving.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_points_the_best_third_goes_on_and_at_least_one()
    {
        Halving halving = new(3, 10);
        Assert.Equal([9, 3, 1, 1], new[] { 27, 9, 3, 1 }.Select(halving.Survivors));
        Assert.Equal(4, halving.Survivors(10));
    }

    [Theory]
    [InlineData("a=1e-4,3e-4,1e-3", "3e-4", false)]
    [InlineData("a=1e-4,3e-4,1e-3", "1e-3", true)]
    [InlineData("a=1e-4,3e-4,1e-3", "1e-4", true)]
    [InlineData("a=x,y,z", "z", false)]
    [InlineData("a=1", "1", false)]
    [InlineData("a=log:1e-4..1e-2", "9e-3", true)]
    [InlineData("a=log:1e-4..1e-2", "1e-3", false)]
    [InlineData("a=0..1", "0.05", true)]
    public void The_best_on_the_edge_of_what_was_tried_is_seen(string axis, string best, bool expected)
    {
        Standing standing = new("r.yaml", new Dictionary<string, string> { ["a"] = best }, []);
        Assert.Equal(expected ? ["a"] : [], standing.OnTheEdge([SweepAxis.Parse(axis)]));
    }

    [Fact]
    public void Points_are_ordered_by_the_mean_of_their_seeds_and_what_diverged_is_last()
    {
        SweepLine[] lines =
        [
            Line("1", 1, 3.0), Line("1", 2, 3.4), Line("2", 2, 3.0), Line("2", 1, 3.2), Line("3", 1, double.NaN), Line("3", 2, 3), Line("4", 1, 1),
        ];
        var standings = Standing.Of(lines, seeds: 2, recipes: 1);
        Assert.Equal(["a=2", "a=1", "a=3"], standings.Select(standing => standing.Label)); // of 4 a seed is missing
        Assert.Equal(3.1, standings[0].Loss, 1e-12);
        Assert.Equal([1ul, 2ul], standings[0].Lines.Select(line => line.Seed));

        static SweepLine Line(string value, ulong seed, double loss) => new(
            $"{value}-{seed}", "r.yaml", new Dictionary<string, string> { ["a"] = value }, seed, 10, true, loss, loss / 2, 100, 1000, 1e9, 2);
    }

    static SweepPlan Plan(string[] over, int random = 0, string[]? recipes = null) =>
        new(recipes ?? ["r.yaml"], [.. over.Select(SweepAxis.Parse)], random, [1], null, 1);
}
