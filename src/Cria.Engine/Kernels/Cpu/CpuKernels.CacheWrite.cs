using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void CacheWrite(Tensor cache, Tensor rows, AttentionSpans spans)
    {
        Debug.Assert(cache.Columns == rows.Columns);
        float* target = Floats(cache), source = Floats(rows);
        long columns = rows.Columns;
        for (int s = 0; s < spans.Segments; s++)
        {
            var span = spans[s];
            if (span.QueryCount == 0)
                continue;
            int first = span.FirstKey + span.KeyCount - span.QueryCount;
            if (first < 0 || first + span.QueryCount > cache.Rows)
                throw new ArgumentOutOfRangeException(nameof(spans), first + span.QueryCount,
                    $"the cache has {cache.Rows} rows; decode in a larger one");
            new ReadOnlySpan<float>(source + span.FirstQuery * columns, (int)(span.QueryCount * columns))
                .CopyTo(new Span<float>(target + first * columns, (int)(span.QueryCount * columns)));
        }
    }
}
