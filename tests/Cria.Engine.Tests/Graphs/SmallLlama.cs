using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Graphs;

/// <summary>A Llama of two small blocks written with graph ops alone, its training plan, and steps on given documents.</summary>
sealed class SmallLlama : IDisposable
{
    const int Heads = 4, KeyHeads = 2, HeadDim = 8, Hidden = 24, Intermediate = 20, Layers = 2;

    public const int Vocabulary = 37;

    readonly RopeTable _rope;
    readonly DType _type;
    readonly bool _tied;
    readonly Sequence _sequence;
    readonly Value _targets, _weights;
    readonly LossHead _head;
    readonly int[] _targetIds;

    public SmallLlama(DType type = DType.F32, int rows = 64, int segments = 8, PlanOptions? options = null,
        bool tied = true, Predicate<string>? frozen = null)
    {
        (_type, _tied, _targetIds) = (type, tied, new int[rows]);
        Parameters = new(CpuDevice.Instance, type);
        _rope = new(CpuDevice.Instance, type, 128, HeadDim, theta: 1000);
        Graph = new(type);
        _sequence = new(Graph, rows, segments, rows);
        _targets = Graph.Input("targets", DType.I32, new(rows, 1), followsExtent: true);
        _weights = Graph.Input("weights", type, new(rows, 1), followsExtent: true);
        _head = Record(new ParameterScope(Parameters));
        foreach (var parameter in Parameters.Parameters)
            parameter.Trainable = !(frozen?.Invoke(parameter.Name) ?? false);
        Parameters.Allocate(withGradients: true);
        Parameters.Initialize(seed: 5);
        Plan = Plan.Training(Graph, _head.Output, CpuDevice.Instance, options, _head.Losses);
        Arena = new(CpuDevice.Instance, Plan);
    }

    public ParameterStore Parameters { get; }

    public Graph Graph { get; }

    public Plan Plan { get; }

    public Arena Arena { get; }

    /// <summary>All gradients without the padding between parameters, which depends on the type.</summary>
    public double[] Gradients => [.. Parameters.Parameters.SelectMany(p => Numbers(p.Gradient!.Data))];

    /// <summary>One micro-batch: documents of token ids, each predicting its next token; every token weighs the same.</summary>
    /// <returns>The loss, and the loss of every row.</returns>
    public (double Loss, double[] Rows) Step(IKernels kernels, int[][] documents, double weight, bool accumulate = false)
    {
        Fill(documents, weight);
        Run(kernels, accumulate);
        return (Numbers(_head.Output.Data)[0], Numbers(_head.Losses.Data)[..documents.Sum(d => d.Length)]);
    }

    public void Run(IKernels kernels, bool accumulate = false)
    {
        Plan.Forward(kernels);
        Plan.Backward(kernels, accumulate);
    }

    public void Fill(int[][] documents, double weight)
    {
        int[] ids = [.. documents.SelectMany(d => d)];
        _sequence.Fill(ids, [.. documents.Select((_, s) => documents.Take(s).Sum(d => d.Length))]);
        int row = 0;
        foreach (int[] document in documents)
            for (int i = 0; i < document.Length; i++)
                _targetIds[row++] = i + 1 < document.Length ? document[i + 1] : -1;
        _targets.Data.Write<int>(_targetIds.AsSpan(0, ids.Length));
        double[] weights = new double[ids.Length];
        Array.Fill(weights, weight);
        if (_type == DType.F64)
            _weights.Data.Write<double>(weights);
        else
            _weights.Data.Write<float>(Array.ConvertAll(weights, x => (float)x));
    }

    /// <summary>Documents of these lengths, their tokens a function of the seed.</summary>
    public static int[][] Documents(int seed, params int[] lengths) =>
        [.. lengths.Select((length, s) => Enumerable.Range(0, length)
            .Select(i => (int)(Philox.For((ulong)seed, "ids").Words((ulong)i, (ulong)s).A % Vocabulary)).ToArray())];

    public void Dispose()
    {
        Plan.Dispose();
        Arena.Dispose();
        Parameters.Dispose();
        _rope.Dispose();
    }

    LossHead Record(ParameterScope p)
    {
        var start = new Initializer.Normal(0.3);
        var embedding = p.Matrix("embedding", Vocabulary, Hidden, start);
        var x = Graph.Embed(embedding, _sequence.Ids);
        for (int layer = 0; layer < Layers; layer++)
            x = Block(x, p.Inside($"layer{layer}"), start);
        x = Graph.RmsNorm(x, p.Ones("norm", Hidden), 1e-5f);
        return Graph.CrossEntropyHead(x, _tied ? embedding : p.Matrix("head", Vocabulary, Hidden, start), _targets, _weights);
    }

    Value Block(Value x, ParameterScope p, Initializer start)
    {
        var normed = Graph.RmsNorm(x, p.Ones("attention_norm", Hidden), 1e-5f);
        var q = Graph.Rope(Graph.MatMul(normed, p.Matrix("q", Heads * HeadDim, Hidden, start)), _sequence.Positions, _rope);
        var k = Graph.Rope(Graph.MatMul(normed, p.Matrix("k", KeyHeads * HeadDim, Hidden, start)), _sequence.Positions, _rope);
        var v = Graph.MatMul(normed, p.Matrix("v", KeyHeads * HeadDim, Hidden, start));
        var attended = Graph.Attention(q, k, v, _sequence, new(Heads, KeyHeads, HeadDim, 1 / MathF.Sqrt(HeadDim)));
        x = Graph.Add(x, Graph.MatMul(attended, p.Matrix("o", Hidden, Heads * HeadDim, start)));
        normed = Graph.RmsNorm(x, p.Ones("mlp_norm", Hidden), 1e-5f);
        var gated = Graph.SwiGlu(Graph.MatMul(normed, p.Matrix("gate", Intermediate, Hidden, start)),
            Graph.MatMul(normed, p.Matrix("up", Intermediate, Hidden, start)));
        return Graph.Add(x, Graph.MatMul(gated, p.Matrix("down", Hidden, Intermediate, start)));
    }

    double[] Numbers(Tensor tensor) => _type == DType.F64
        ? tensor.ToArray<double>()
        : Array.ConvertAll(tensor.ToArray<float>(), x => (double)x);
}
