using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers.Matrices;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>
/// Momentum, orthogonalised: m = μ·m + g, w = w − η·(s·NS(g + μ·m) + λ·w) for the matrices inside the model, each parameter a matrix
/// by itself; AdamW for embeddings, heads, norms and biases. Jordan 2024, "Muon"; D-Muon: Liu et al. 2025, "Muon is scalable for LLM
/// training".
/// </summary>
sealed class Muon : IOptimizer
{
    /// <summary>Added to the norm a matrix is divided by, so that one of zeros stays.</summary>
    const double NormEpsilon = 1e-7;

    readonly OrthogonalRecipe _constants;
    readonly MatrixBatch[] _batches;
    readonly NewtonSchulz _iteration;
    readonly AdamWRest _rest;
    readonly DeviceMemory _memory;
    readonly Tensor _momentum, _scratch;

    public Muon(OrthogonalRecipe constants, Recipe recipe, ParameterStore store)
    {
        _constants = constants;
        _batches = MatrixBatch.Of(Matrices(recipe, store), store);
        _iteration = new(Orthogonalization.Of(constants.Coefficients, constants.Iterations));
        var rest = Rest(recipe, store);
        var layout = Layout(_batches, rest, store.DType);
        _memory = store.Device.Allocate(layout.Bytes);
        var tensors = layout.In(_memory);
        (_momentum, _scratch) = (tensors[0], tensors[3]);
        Slots = layout.Slots(tensors);
        _rest = new(rest, [.. rest.Select(Update)], tensors[1], tensors[2]);

        AdamWUpdate Update(ParameterGroup group) => new(
            constants.Beta1, constants.Beta2, constants.Epsilon, group.WeightDecay, group.LearningRateFactor * constants.RestFactor);
    }

    public IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    public static long StateBytes(Recipe recipe, ParameterStore store) =>
        Layout(MatrixBatch.Of(Matrices(recipe, store), store), Rest(recipe, store), store.DType).Bytes;

    public void Prepare(Span<float> scalars, int update)
    {
        scalars[(int)StepScalar.Factor1] = 1 / (float)(1 - Math.Pow(_constants.Beta1, update));
        scalars[(int)StepScalar.Factor2] = 1 / (float)(1 - Math.Pow(_constants.Beta2, update));
    }

    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        foreach (var batch in _batches)
            Step(kernels, store, scalars, batch);
        _rest.Step(kernels, store, scalars);
    }

    public void Dispose() => _memory.Dispose();

    void Step(IKernels kernels, ParameterStore store, Tensor scalars, MatrixBatch batch)
    {
        long length = (long)batch.Rows * batch.Columns;
        var x = Blocks.Part(_scratch, 0, new(batch.Count, batch.Rows, batch.Columns));
        var gather = new MomentumUpdate(_constants.Momentum, _constants.Nesterov ? _constants.Momentum : 1, _constants.Nesterov ? 1 : 0);
        for (int i = 0; i < batch.Count; i++)
        {
            var place = (batch.Members[i].Offset, length);
            kernels.Update(FlatState.Range(x, (i * length, length)), FlatState.Range(_momentum, (batch.First + i * length, length)),
                default, default, FlatState.Range(store.Gradients, place), scalars, gather);
        }
        kernels.NormalizeMatrices(x, NormEpsilon);
        var orthogonal = _iteration.Run(kernels, x, FlatState.Range(_scratch, (batch.Length, _scratch.Length - batch.Length)));
        float scale = _constants.Scale(batch.Rows, batch.Columns);
        for (int i = 0; i < batch.Count; i++)
        {
            var (offset, decay, factor) = batch.Members[i];
            kernels.Update(FlatState.Range(store.Weights, (offset, length)), FlatState.Range(orthogonal, (i * length, length)),
                default, default, FlatState.Range(store.Gradients, (offset, length)), scalars, new DirectionUpdate(scale, decay, factor));
        }
    }

    static ParameterGroup[] Matrices(Recipe recipe, ParameterStore store) =>
        ParameterGroups.Of(recipe, store, parameter => parameter.Kind == ParameterKind.Matrix);

    static ParameterGroup[] Rest(Recipe recipe, ParameterStore store) =>
        ParameterGroups.Of(recipe, store, parameter => parameter.Kind != ParameterKind.Matrix);

    static Blocks Layout(MatrixBatch[] batches, ParameterGroup[] rest, DType type) => new Blocks()
        .Add("momentum", type, MatrixBatch.TotalLength(batches))
        .Add("first_moment", type, AdamWRest.Length(rest))
        .Add("second_moment", type, AdamWRest.Length(rest))
        .Add("", type, batches.Select(batch => batch.Length + NewtonSchulz.ScratchFor(batch.Count, batch.Rows, batch.Columns)).DefaultIfEmpty().Max());

    /// <summary>m = μ·m + g; what the "weight", a number of scratch, becomes is a·m + b·g.</summary>
    readonly struct MomentumUpdate(float momentum, float ofMomentum, float ofGradient) : IUpdate
    {
        public static string Name => "momentum";

        public static int Slots => 1;

        public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
            where V : struct where S : struct, IArithmetic<V>
        {
            first = S.MulAdd(S.Splat(momentum), first, gradient);
            return S.MulAdd(S.Splat(ofMomentum), first, S.Multiply(S.Splat(ofGradient), gradient));
        }
    }
}
