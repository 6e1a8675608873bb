using Cria.Engine.Graphs;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Plans;

public sealed class SequenceTests
{
    [Fact]
    public void Positions_start_anew_in_every_segment_and_unused_segments_are_empty()
    {
        using var world = new World(cached: false);
        world.Sequence.Fill([7, 8, 9, 7, 8], [0, 3]);
        Assert.Equal([0, 1, 2, 0, 1], world.Sequence.Positions.Data.ToArray<int>()[..5]);
        Assert.Equal([0, 3, 5, 5], world.Sequence.Starts.Data.ToArray<int>());
        Assert.Equal(5, world.Sequence.Ids.Data.LiveRows);
    }

    [Fact]
    public void With_a_cache_positions_go_on_after_the_past()
    {
        using var world = new World(cached: true);
        world.Sequence.Fill([7, 8, 9], [0, 1], past: [4, 2]);
        Assert.Equal([4, 2, 3], world.Sequence.Positions.Data.ToArray<int>()[..3]);
        Assert.Equal(new(1, 2, 6, 4), world.Sequence.Spans[1]);
    }

    [Fact]
    public void Without_past_lengths_a_cache_starts_empty()
    {
        using var world = new World(cached: true);
        world.Arena.Poison();
        world.Sequence.Fill([7, 8, 9], [0, 1]);
        Assert.Equal(new(0, 1, 0, 1), world.Sequence.Spans[0]);
        Assert.Equal(new(1, 2, 6, 2), world.Sequence.Spans[1]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var world = new World(cached: true);
        Assert.Throws<ArgumentException>(() => world.Sequence.Fill(new int[9], [0]));
        Assert.Throws<ArgumentException>(() => world.Sequence.Fill(new int[4], [0, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => world.Sequence.Fill(new int[3], [0], past: [4])); // 7 of 6
        Assert.Throws<ArgumentException>(() => world.Sequence.Fill(new int[3], [0, 1], past: [1]));
    }

    sealed class World : IDisposable
    {
        readonly KvCache _cache = new(CpuDevice.Instance, DType.F32, layers: 1, sequences: 3, capacity: 6, columns: 4);
        readonly Plan _plan;

        public World(bool cached)
        {
            var graph = new Graph();
            Sequence = new(graph, rows: 8, segments: 3, maxLength: 8, cached ? _cache : null);
            _plan = Plan.Forward(graph, CpuDevice.Instance);
            Arena = new(CpuDevice.Instance, _plan);
        }

        public Sequence Sequence { get; }

        public Arena Arena { get; }

        public void Dispose()
        {
            _plan.Dispose();
            Arena.Dispose();
            _cache.Dispose();
        }
    }
}
