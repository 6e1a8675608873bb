using Cria.Cli.Benchmarks;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Cli.Tests.Runs;

namespace Cria.Cli.Tests.Benchmarks;

public sealed class StepTimingTests
{
    const int Layers = 2, ProductsInALayer = 7;

    static StepResult Measure(bool profile)
    {
        var recipe = RecipeFile.Parse(TinyRun.Recipe(), "tiny.yaml", ".").WithVocabulary();
        using StepTiming timing = new(recipe, threads: 1, steps: 3, profile, libraries: []);
        for (int i = 0; i < timing.Steps; i++)
            timing.Take();
        return timing.Result();
    }

    [Fact]
    public void The_rows_of_a_profile_add_up_to_the_step_and_nothing_is_counted_twice()
    {
        var profile = Measure(profile: true).Profile!;
        Assert.Equal(3, profile.Steps);
        Assert.Equal(profile.StepMilliseconds, profile.Rows.Sum(row => row.Milliseconds), 1e-6);
        Assert.All(profile.Rows, row => Assert.True(row.Milliseconds >= 0, $"{row.Op} {row.Pass} took {row.Milliseconds} ms"));
        Assert.Equal(profile.Rows.OrderByDescending(row => row.Share), profile.Rows);
        Assert.Equal(Layers * ProductsInALayer, Assert.Single(profile.Rows, row => (row.Op, row.Pass) == ("matmul", "forward")).Count);
    }

    [Fact]
    public void The_products_of_a_profile_are_those_of_the_published_formula()
    {
        var result = Measure(profile: true);
        double flops = result.Profile!.Rows.Where(row => row.Op is "matmul" or "loss").Sum(row => row.Gflops!.Value * row.Milliseconds * 1e6);
        const int hidden = 32, length = 32;
        double attention = 6.0 * Layers * hidden * length;
        Assert.Equal(result.TokensPerStep * (result.FlopsPerToken - attention), flops, flops * 1e-9);
    }

    [Fact]
    public void Without_a_profile_the_shares_are_the_rate_over_the_ceilings()
    {
        var result = Measure(profile: false);
        Assert.Null(result.Profile);
        double gflops = result.TokensPerSecond * result.FlopsPerToken / 1e9;
        Assert.Equal(gflops / result.FmaPeakGflops, result.ShareOfFmaPeak, 1e-9);
        Assert.Equal(gflops / result.MatmulPeakGflops, result.ShareOfMatmulPeak, 1e-9);
        Assert.Equal(result.TokensPerStep / result.TokensPerSecond * 1000, result.StepMilliseconds, 1e-6);
    }
}
