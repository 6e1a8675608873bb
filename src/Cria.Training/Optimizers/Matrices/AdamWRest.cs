using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>
/// AdamW for the parameters that a matrix optimizer leaves: its moments stand beside these alone, one range after the other.
/// </summary>
sealed class AdamWRest
{
    readonly ParameterGroup[] _groups;
    readonly AdamWUpdate[] _updates;
    readonly Tensor _first, _second;

    /// <param name="groups">Whom it is for.</param>
    /// <param name="updates">Of each group.</param>
    /// <param name="first">The first moment; as long as <see cref="Length"/> says.</param>
    /// <param name="second">The second moment.</param>
    public AdamWRest(ParameterGroup[] groups, AdamWUpdate[] updates, Tensor first, Tensor second) =>
        (_groups, _updates, _first, _second) = (groups, updates, first, second);

    /// <summary>Numbers of one moment.</summary>
    public static long Length(IReadOnlyList<ParameterGroup> groups) => groups.Sum(group => group.Ranges.Sum(range => range.Length));

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        long place = 0;
        for (int g = 0; g < _groups.Length; g++)
            for (int i = 0; i < _groups[g].Ranges.Count; i++)
            {
                var range = _groups[g].Ranges[i];
                var own = (place, range.Length);
                kernels.Update(FlatState.Range(store.Weights, range), FlatState.Range(_first, own), FlatState.Range(_second, own), default,
                    FlatState.Range(store.Gradients, range), scalars, _updates[g]);
                place += range.Length;
            }
    }
}
