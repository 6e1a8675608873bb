using Cria.Engine.Graphs;

namespace Cria.Models;

/// <summary>Ways to start a model, by name.</summary>
public sealed record Initialization(Initializer Embedding, Func<int, Initializer> Linear, Func<int, Initializer> Residual)
{
    public const string Names = "normal, depth_scaled or fan_in";

    /// <summary>
    /// normal: N(0, range) everywhere. depth_scaled: also divides what writes into the residual stream by √(2L)
    /// (Radford et al. 2019, GPT-2). fan_in: N(0, 1/√inputs), and N(0, 0.02/√(2L)) into the residual stream (lilLM).
    /// </summary>
    /// <exception cref="ConfigException">The name is not one of <see cref="Names"/>.</exception>
    public static Initialization Of(ModelConfig config)
    {
        double range = config.InitializerRange, depth = Math.Sqrt(2.0 * config.NumHiddenLayers);
        return config.Initialization switch
        {
            "normal" => new(Normal(range), _ => Normal(range), _ => Normal(range)),
            "depth_scaled" => new(Normal(range), _ => Normal(range), _ => Normal(range / depth)),
            "fan_in" => new(Normal(1 / Math.Sqrt(config.HiddenSize)), inputs => Normal(1 / Math.Sqrt(inputs)),
                _ => Normal(0.02 / depth)),
            var other => throw new ConfigException($"initialization '{other}' is not known; it is {Names}."),
        };
    }

    static Initializer.Normal Normal(double deviation) => new(deviation);
}
