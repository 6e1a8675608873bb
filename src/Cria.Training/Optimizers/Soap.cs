using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers.Matrices;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>
/// Adam in the eigenbases of Shampoo: L and R are running means of g·gᵀ and gᵀ·g, Q their eigenvectors, and the second moment is
/// taken of the turned gradient Q_Lᵀ·g·Q_R. The first step only makes the bases; every so many updates one step of orthogonal iteration
/// refreshes them. Norms and biases are AdamW's. Vyas et al. 2024, "SOAP", algorithm 3.
/// </summary>
sealed class Soap : IOptimizer
{
    readonly SoapRecipe _constants;
    readonly SoapBatch[] _batches;
    readonly AdamWRest _rest;
    readonly DeviceMemory _memory;
    readonly SoapState _state;
    readonly float[] _updates = new float[1], _step = new float[(int)StepScalar.Count];

    public Soap(SoapRecipe constants, Recipe recipe, ParameterStore store)
    {
        _constants = constants;
        _batches = Batches(constants, recipe, store);
        var rest = Rest(constants, recipe, store);
        var layout = Layout(_batches, rest, store.DType);
        _memory = store.Device.Allocate(layout.Bytes);
        var tensors = layout.In(_memory);
        _state = new(tensors);
        Slots = layout.Slots(tensors);
        _rest = new(rest, [.. rest.Select(Update)], _state.RestFirst, _state.RestSecond);

        AdamWUpdate Update(ParameterGroup group) =>
            new(constants.Beta1, constants.Beta2, constants.Epsilon, group.WeightDecay, group.LearningRateFactor);
    }

    public IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    public static long StateBytes(SoapRecipe constants, Recipe recipe, ParameterStore store) =>
        Layout(Batches(constants, recipe, store), Rest(constants, recipe, store), store.DType).Bytes;

    public static void Demand(SoapRecipe constants, Recipe recipe, ParameterStore store, ScratchDemand demand)
    {
        foreach (var batch in Batches(constants, recipe, store))
        {
            demand.Basis(Math.Max(batch.Left, batch.Right));
            demand.Reorder((long)batch.Matrices.Rows * batch.Matrices.Columns);
        }
    }

    /// <summary>
    /// Neither the first step, which makes the bases, nor one that was skipped is an update: t, their number, is in the state.
    /// </summary>
    public void Prepare(Span<float> scalars, int update)
    {
        _state.Updates.Read(_updates.AsSpan());
        double t = Math.Max(1, _updates[0]), first = 1 - Math.Pow(_constants.Beta1, t), second = 1 - Math.Pow(_constants.Beta2, t);
        scalars[(int)StepScalar.Factor1] = 1 / (float)first;
        scalars[(int)StepScalar.Factor2] = 1 / (float)second;
        scalars[(int)StepScalar.Factor3] = (float)(Math.Sqrt(second) / first);
    }

    /// <remarks>The clip factor is read back: products and decompositions do not look at it by themselves.</remarks>
    public void Step(IKernels kernels, ParameterStore store, Tensor scalars)
    {
        scalars.Read(_step.AsSpan());
        if (_step[(int)StepScalar.ClipFactor] == 0)
            return;
        int updates = (int)_updates[0];
        foreach (var batch in _batches)
        {
            batch.Gather(kernels, store, scalars, _state);
            if (updates > 0)
                batch.Update(kernels, store, scalars, _state, _constants);
            batch.Average(kernels, _state, _constants.Beta2);
            if (updates == 0)
                batch.MakeBases(kernels, _state);
            else if (updates % _constants.Frequency == 0)
                batch.RefreshBases(kernels, _state);
        }
        if (updates > 0)
            _rest.Step(kernels, store, scalars);
        _updates[0]++;
        _state.Updates.Write<float>(_updates);
    }

    public void Dispose() => _memory.Dispose();

    static bool Turns(SoapRecipe constants, Parameter parameter) =>
        parameter.Shape.Rank == 2 && Math.Min(parameter.Shape.Rows, parameter.Shape.Columns) <= constants.MaxDimension;

    static SoapBatch[] Batches(SoapRecipe constants, Recipe recipe, ParameterStore store) =>
        SoapBatch.Of(
            MatrixBatch.Of(ParameterGroups.Of(recipe, store, parameter => Turns(constants, parameter)), store), constants.MaxDimension);

    static ParameterGroup[] Rest(SoapRecipe constants, Recipe recipe, ParameterStore store) =>
        ParameterGroups.Of(recipe, store, parameter => !Turns(constants, parameter));

    static Blocks Layout(SoapBatch[] batches, ParameterGroup[] rest, DType type)
    {
        long numbers = batches.Sum(batch => batch.Matrices.Length), left = batches.Sum(batch => batch.LeftLength);
        long right = batches.Sum(batch => batch.RightLength);
        return new Blocks()
            .Add("updates", DType.F32, 1)
            .Add("first_moment", type, numbers)
            .Add("second_moment", type, numbers)
            .Add("left", type, left)
            .Add("left_basis", type, left)
            .Add("right", type, right)
            .Add("right_basis", type, right)
            .Add("rest_first_moment", type, AdamWRest.Length(rest))
            .Add("rest_second_moment", type, AdamWRest.Length(rest))
            .Add("", type, 3 * batches.Select(batch => batch.Matrices.Length).DefaultIfEmpty().Max())
            .Add("", DType.I32, batches.Select(batch => (long)batch.Matrices.Count * (batch.Left + batch.Right)).DefaultIfEmpty().Max());
    }
}
