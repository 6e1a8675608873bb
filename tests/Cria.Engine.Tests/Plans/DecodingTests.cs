using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Plans;

/// <summary>One attention layer over a cache: what is decoded token by token is what a whole sequence gives.</summary>
public sealed class DecodingTests
{
    static readonly int[] Tokens = [.. Enumerable.Range(0, 41).Select(i => i * 7 % 11)];

    [Fact]
    public void Token_by_token_it_gives_what_the_whole_sequence_gives()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var whole = new Decoder(sequences: 1, rows: 41);
            using var stepwise = new Decoder(sequences: 1, rows: 20);
            float[] expected = whole.Run(kernels, [Tokens], [0]);
            float[] actual = [.. stepwise.Run(kernels, [Tokens[..20]], [0])];
            for (int i = 20; i < Tokens.Length; i++)
                actual = [.. actual, .. stepwise.Run(kernels, [Tokens[i..(i + 1)]], [i])];
            Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) < 1e-5);
        }
    }

    [Fact]
    public void A_sequence_decoded_among_others_has_the_bits_it_has_alone()
    {
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var together = new Decoder(sequences: 3, rows: 70);
            together.Run(kernels, [Tokens[..9], Tokens[..33], Tokens[3..20]], [0, 0, 0]);
            float[] expected = together.Run(kernels, [Tokens[9..10], Tokens[33..34], Tokens[20..21]], [9, 33, 17]);

            using var alone = new Decoder(sequences: 1, rows: 40);
            alone.Run(kernels, [Tokens[..33]], [0]);
            Assert.Equal(expected[Decoder.Width..(2 * Decoder.Width)], alone.Run(kernels, [Tokens[33..34]], [33]));
        }
    }

    sealed class Decoder : IDisposable
    {
        public const int Width = 16;

        readonly ParameterStore _store = new(CpuDevice.Instance);
        readonly RopeTable _rope = new(CpuDevice.Instance, DType.F32, 64, 8, theta: 100);
        readonly KvCache _cache;
        readonly Sequence _sequence;
        readonly Value _output;
        readonly Plan _plan;
        readonly Arena _arena;

        public Decoder(int sequences, int rows)
        {
            _cache = new(CpuDevice.Instance, DType.F32, layers: 1, sequences, capacity: 48, columns: 8);
            var graph = new Graph();
            _sequence = new(graph, rows, sequences, maxLength: 48, _cache);
            _output = Record(graph, new(_store));
            _store.Allocate(withGradients: false);
            _store.Initialize(seed: 9);
            _plan = Plan.Forward(graph, CpuDevice.Instance, _output);
            _arena = new(CpuDevice.Instance, _plan);
        }

        public float[] Run(IKernels kernels, int[][] tokens, int[] past)
        {
            _arena.Poison();
            _sequence.Fill([.. tokens.SelectMany(t => t)], [.. tokens.Select((_, s) => tokens.Take(s).Sum(t => t.Length))], past);
            _plan.Forward(kernels);
            return _output.Data.ToArray<float>()[..(tokens.Sum(t => t.Length) * Width)];
        }

        public void Dispose()
        {
            _plan.Dispose();
            _arena.Dispose();
            _cache.Dispose();
            _rope.Dispose();
            _store.Dispose();
        }

        Value Record(Graph g, ParameterScope p)
        {
            var start = new Initializer.Normal(0.5);
            var x = g.Embed(p.Matrix("embedding", 11, Width, start), _sequence.Ids);
            var q = g.Rope(g.MatMul(x, p.Matrix("q", 16, Width, start)), _sequence.Positions, _rope);
            var k = g.Rope(g.MatMul(x, p.Matrix("k", 8, Width, start)), _sequence.Positions, _rope);
            var v = g.MatMul(x, p.Matrix("v", 8, Width, start));
            (k, v) = (g.CacheWrite(_cache.Keys(0), k, _sequence), g.CacheWrite(_cache.Values(0), v, _sequence));
            var attended = g.Attention(q, k, v, _sequence, new AttentionShape(2, 1, 8, 0.35f));
            return g.Add(x, g.MatMul(attended, p.Matrix("o", Width, 16, start)));
        }
    }
}
