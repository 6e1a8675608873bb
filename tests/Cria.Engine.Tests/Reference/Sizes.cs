using Cria.Engine.Kernels;

namespace Cria.Engine.Tests.Reference;

/// <summary>Sizes at which tiles, vectors and tails meet their edges.</summary>
static class Sizes
{
    public static readonly int[] Columns = [1, 3, 7, 17, 33, 63, 65, 129, 1023];

    public static readonly SinkMode[] Modes = [SinkMode.Nowhere, SinkMode.Overwrite, SinkMode.Add];

    /// <summary>All rows live, some, one, none.</summary>
    public static Extents[] Rows => [1, 5, 17, new(17, 9), new(6, 1), new(3, 0)];
}
