using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void CacheWrite(Tensor cache, Tensor rows, AttentionSpans spans)
    {
        Debug.Assert(spans.HasCache && cache.Columns == rows.Columns);
        for (int s = 0; s < spans.Segments; s++)
        {
            var span = spans[s];
            int past = span.KeyCount - span.QueryCount;
            for (int i = 0; i < span.QueryCount; i++)
                Row(rows, span.FirstQuery + i).CopyTo(Row(cache, span.FirstKey + past + i));
        }
    }
}
