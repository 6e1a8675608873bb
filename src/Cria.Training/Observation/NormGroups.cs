using Cria.Engine.Graphs;

namespace Cria.Training.Observation;

/// <summary>
/// Which parameters are told of together: those of a block of a layer (its attention, its MLP), each norm of a layer,
/// and by itself whatever belongs to no layer. A finer account would be longer than anybody reads.
/// </summary>
public static class NormGroups
{
    /// <summary>The group of a parameter, from its published name.</summary>
    /// <remarks>
    /// <c>model.layers.3.self_attn.q_proj.weight</c> is of <c>model.layers.3.self_attn</c>, <c>h.3.ln_1.bias</c> of
    /// <c>h.3.ln_1</c>, <c>model.embed_tokens.weight</c> of <c>model.embed_tokens</c>.
    /// </remarks>
    public static string Of(string parameter)
    {
        string[] parts = parameter.Split('.');
        int layer = Array.FindIndex(parts, part => part.Length > 0 && part.All(char.IsAsciiDigit));
        int end = layer < 0 ? parts.Length - 1 : Math.Min(layer + 2, parts.Length - 1);
        return string.Join('.', parts[..Math.Max(1, end)]);
    }

    /// <summary>The number of the layer that a group is of; −1 for those of none.</summary>
    public static int LayerOf(string group) =>
        group.Split('.').FirstOrDefault(part => part.Length > 0 && part.All(char.IsAsciiDigit)) is { } number
        && int.TryParse(number, out int layer) ? layer : -1;

    /// <summary>The trainable parameters of a store by their groups, as positions among its parameters, in its order.</summary>
    public static IReadOnlyList<(string Name, int[] Parameters)> In(ParameterStore store) =>
        [.. Enumerable.Range(0, store.Parameters.Count)
            .Where(i => store.Parameters[i].Trainable)
            .GroupBy(i => Of(store.Parameters[i].Name))
            .Select(group => (group.Key, group.ToArray()))];
}
