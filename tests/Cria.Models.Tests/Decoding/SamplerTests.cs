using Cria.Models.Decoding;

namespace Cria.Models.Tests.Decoding;

public sealed class SamplerTests
{
    const int Draws = 20_000;

    // Probabilities 0.5, 0.25, 0.15, 0.1, not in order.
    static readonly float[] Logits = [MathF.Log(0.15f), MathF.Log(0.5f), MathF.Log(0.1f), MathF.Log(0.25f)];

    [Fact]
    public void Tokens_come_as_often_as_their_probability()
    {
        double[] shares = Shares(new() { Temperature = 1 });
        AssertNear([0.15, 0.5, 0.1, 0.25], shares);
    }

    [Fact]
    public void Temperature_sharpens_and_flattens()
    {
        double[] powers = [.. new double[] { 0.15, 0.5, 0.1, 0.25 }.Select(p => p * p)];
        AssertNear([.. powers.Select(p => p / powers.Sum())], Shares(new() { Temperature = 0.5f }));
    }

    [Fact]
    public void Top_k_keeps_the_k_most_probable_in_proportion()
    {
        AssertNear([0, 2 / 3.0, 0, 1 / 3.0], Shares(new() { Temperature = 1, TopK = 2 }));
        AssertNear([0, 1, 0, 0], Shares(new() { Temperature = 1, TopK = 1 }));
        AssertNear([0.15, 0.5, 0.1, 0.25], Shares(new() { Temperature = 1, TopK = 100 }));
    }

    [Fact]
    public void Top_p_keeps_the_smallest_set_that_reaches_it()
    {
        AssertNear([0, 2 / 3.0, 0, 1 / 3.0], Shares(new() { Temperature = 1, TopP = 0.7f }));
        AssertNear([0, 1, 0, 0], Shares(new() { Temperature = 1, TopP = 0.01f }));
        AssertNear([0.15 / 0.9, 0.5 / 0.9, 0, 0.25 / 0.9], Shares(new() { Temperature = 1, TopP = 0.85f }));
    }

    [Fact]
    public void Temperature_zero_takes_the_most_probable_and_of_equals_the_first()
    {
        var sampler = new Sampler(new() { Temperature = 0 }, 4);
        Assert.Equal(1, sampler.Next(Logits));
        Assert.Equal(2, sampler.Next([-1, 0, 7, 7]));
    }

    [Fact]
    public void The_penalty_makes_what_was_seen_less_probable_whatever_its_sign()
    {
        var sampler = new Sampler(new() { Temperature = 0, RepetitionPenalty = 2 }, 3);
        Assert.Equal(0, sampler.Next([3, 2, 1]));
        sampler.Observe(0);
        Assert.Equal(1, sampler.Next([3, 2, 1])); // 1.5, 2, 1
        Assert.Equal(2, sampler.Next([-1, -9, -1.5f])); // −2, −9, −1.5
    }

    [Fact]
    public void A_seed_gives_the_same_tokens_and_another_seed_others()
    {
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));

        static int[] Draw(ulong seed)
        {
            var sampler = new Sampler(new() { Temperature = 1, Seed = seed }, 4);
            return [.. Enumerable.Range(0, 60).Select(_ => sampler.Next(Logits))];
        }
    }

    [Fact]
    public void Far_apart_logits_and_minus_infinity_neither_overflow_nor_are_drawn()
    {
        var sampler = new Sampler(new() { Temperature = 0.01f }, 3);
        for (int i = 0; i < 100; i++)
            Assert.Equal(1, sampler.Next([-3e38f, 3e38f, float.NegativeInfinity]));
    }

    [Theory]
    [InlineData("temperature -1"), InlineData("temperature NaN"), InlineData("top-k -1"), InlineData("top-p 0")]
    [InlineData("top-p 1.5"), InlineData("top-p NaN"), InlineData("repetition penalty 0")]
    public void An_option_out_of_its_range_is_refused_with_its_value(string said)
    {
        string name = said[..said.LastIndexOf(' ')];
        float value = float.Parse(said[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        SamplingOptions options = name switch
        {
            "temperature" => new() { Temperature = value },
            "top-k" => new() { TopK = (int)value },
            "top-p" => new() { TopP = value },
            _ => new() { RepetitionPenalty = value },
        };
        Assert.Contains(said, Assert.Throws<ConfigException>(() => new Sampler(options, 4)).Message);
    }

    static double[] Shares(SamplingOptions options)
    {
        var sampler = new Sampler(options, Logits.Length);
        double[] shares = new double[Logits.Length];
        for (int i = 0; i < Draws; i++)
            shares[sampler.Next(Logits)] += 1.0 / Draws;
        return shares;
    }

    // Four standard errors; what may not come has none.
    static void AssertNear(double[] expected, double[] actual)
    {
        for (int id = 0; id < expected.Length; id++)
            Assert.True(Math.Abs(expected[id] - actual[id]) <= 4 * Math.Sqrt(expected[id] * (1 - expected[id]) / Draws) + 1e-9,
                $"token {id}: {actual[id]:F4}, not {expected[id]:F4}");
    }
}
