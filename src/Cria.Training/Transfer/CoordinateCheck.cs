using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Transfer;

/// <summary>How much a few steps changed what a model computes, at one width: the mean size of the change of a number.</summary>
/// <param name="Width">hidden_size</param>
/// <param name="Embedding">Of the embedding's output.</param>
/// <param name="Residual">Of the residual stream after the last block.</param>
/// <param name="Hidden">Of the final norm's output without its weight, which no multiplier touches.</param>
/// <param name="Logits">Of the logits.</param>
public sealed record CoordinateChange(int Width, double Embedding, double Residual, double Hidden, double Logits);

/// <summary>
/// The coordinate check of Yang and Hu 2021, appendix D.1: a parametrization transfers learning rates if, after a few steps, no
/// activation has changed by more in a wide model than in a narrow one.
/// </summary>
public static class CoordinateCheck
{
    const int Vocabulary = 256, Sequences = 4, Length = 32, HeadSize = 16, Layers = 3;

    /// <summary>The steps of models of one width, mean over seeds.</summary>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="optimizer">With its learning rate, which is kept.</param>
    /// <param name="mup">Null for the standard parametrization.</param>
    /// <param name="steps">All on one batch.</param>
    /// <param name="seeds">How many models.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="firstSeed">Of the first model; the others have those after it.</param>
    public static CoordinateChange Run(
        int width, OptimizerRecipe optimizer, MupRecipe? mup, int steps, int seeds, IKernels kernels, ulong firstSeed = 1)
    {
        double[] sums = new double[4];
        for (int seed = 0; seed < seeds; seed++)
        {
            double[] changes = Changes(Model(width, optimizer, mup, firstSeed + (ulong)seed), steps, kernels);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += changes[i] / seeds;
        }
        return new(width, sums[0], sums[1], sums[2], sums[3]);
    }

    /// <summary>The power of the width with which a size grows: the slope of a line through the logarithms.</summary>
    public static double Growth(IReadOnlyList<CoordinateChange> changes, Func<CoordinateChange, double> size)
    {
        double meanX = changes.Average(change => Math.Log(change.Width)), meanY = changes.Average(change => Math.Log(size(change)));
        return changes.Sum(change => (Math.Log(change.Width) - meanX) * (Math.Log(size(change)) - meanY))
            / changes.Sum(change => Math.Pow(Math.Log(change.Width) - meanX, 2));
    }

    static Recipe Model(int width, OptimizerRecipe optimizer, MupRecipe? mup, ulong seed) => new()
    {
        Name = "coordinates",
        Seed = seed,
        Model = new LlamaConfig
        {
            VocabSize = Vocabulary,
            HiddenSize = width,
            NumHiddenLayers = Layers,
            NumAttentionHeads = width / HeadSize,
            IntermediateSize = 3 * width,
            MaxPositionEmbeddings = Length,
            InitializerRange = 0.1f,
        },
        Data = new() { SequenceLength = Length },
        Batch = new() { MicroBatchSize = Sequences },
        Steps = 1,
        Optimizer = optimizer,
        Mup = mup,
    };

    static double[] Changes(Recipe recipe, int steps, IKernels kernels)
    {
        WidthTransfer.Check(recipe);
        var device = CpuDevice.Instance;
        using var model = ModelCatalog.Create(recipe.Model, device);
        model.Parameters.Allocate(withGradients: true);
        model.Parameters.Initialize(recipe.Seed, WidthTransfer.Starts(recipe));
        using var optimizer = recipe.Optimizer.Create(recipe, model.Parameters);
        var recorded = TrainingPlan.Record(model, Sequences, Length, new());
        var graph = new Graph(model.Parameters.DType);
        var sequence = new Sequence(graph, Sequences * Length, Sequences * Length, Length);
        var logits = model.Logits(graph, sequence);
        var norm = graph.Ops[^2];
        Value[] seen = [graph.Ops[0].Output, norm.Inputs[0], norm.Output, logits];
        using var plan = recorded.Plan;
        using var watching = Plan.Forward(graph, device, seen);
        using var arena = new Arena(device, plan, watching);
        kernels.Reserve(MemoryAccount.Demand(recipe, model.Parameters, plan, watching));

        int[] ids = Tokens(recipe.Seed), next = [.. ids[1..], ids[0]];
        int[] starts = [.. Enumerable.Range(0, Sequences).Select(s => s * Length)];
        float[][] before = Look();
        using var scalarMemory = device.Allocate((long)StepScalar.Count * sizeof(float));
        var scalars = scalarMemory.Tensor(DType.F32, new((int)StepScalar.Count));
        float[] host = new float[(int)StepScalar.Count];
        for (int step = 1; step <= steps; step++)
        {
            recorded.Sequence.Fill(ids, starts);
            recorded.Targets.Data.Write<int>(next);
            recorded.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / ids.Length, ids.Length)]);
            plan.Forward(kernels);
            plan.Backward(kernels);
            host[(int)StepScalar.LearningRate] = recipe.Optimizer.LearningRate;
            optimizer.Prepare(host, step);
            scalars.Write<float>(host);
            kernels.ClipByGlobalNorm(scalars, model.Parameters.Gradients, recipe.Optimizer.MaxGradientNorm);
            optimizer.Step(kernels, model.Parameters, scalars);
        }
        float[][] after = Look();
        return [.. before.Zip(after, (x, y) => x.Zip(y, (a, b) => Math.Abs((double)b - a)).Average())];

        float[][] Look()
        {
            sequence.Fill(ids, starts);
            watching.Forward(kernels);
            float[][] values = [.. seen.Select(value => value.Data.ToArray<float>())];
            Unweigh(values[2], model);
            return values;
        }
    }

    /// <summary>A final norm's output, divided by its weight column by column.</summary>
    static void Unweigh(float[] hidden, ILanguageModel model)
    {
        float[] weight = model.Parameters.Parameters.Single(parameter => parameter.Name == "model.norm.weight").Data.ToArray<float>();
        for (int i = 0; i < hidden.Length; i++)
            hidden[i] /= weight[i % weight.Length];
    }

    static int[] Tokens(ulong seed)
    {
        var random = new Philox(1000 + seed);
        return [.. Enumerable.Range(0, Sequences * Length).Select(i => (int)(random.Uniform((ulong)i) * Vocabulary))];
    }
}
