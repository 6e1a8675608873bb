using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Attention(Tensor y, Tensor logSumExp, Tensor q, Tensor k, Tensor v, AttentionSpans spans,
        AttentionShape shape)
    {
        Debug.Assert(y.Shape == q.Shape && k.Shape == v.Shape && logSumExp.Columns == shape.NumHeads);
        for (int s = 0; s < spans.Segments; s++)
        {
            var span = spans[s];
            for (int i = 0; i < span.QueryCount; i++)
                for (int head = 0; head < shape.NumHeads; head++)
                    Attend(y, logSumExp, q, k, v, shape, spans.Dropout, span, i, head);
        }
    }

    void Attend(Tensor y, Tensor logSumExp, Tensor q, Tensor k, Tensor v, AttentionShape shape,
        DropoutMask mask, AttentionSpans.Span span, int i, int head)
    {
        int row = span.FirstQuery + i, keyHead = head / shape.QueriesPerKey, visible = Visible(span, shape, i);
        var query = Head(q, row, head, shape);

        double highest = double.NegativeInfinity, sum = 0;
        for (int j = 0; j < visible; j++)
        {
            double score = shape.Scale * Dot(query, Head(k, span.FirstKey + j, keyHead, shape));
            double higher = Math.Max(highest, score);
            sum = sum * Math.Exp(highest - higher) + Math.Exp(score - higher);
            highest = higher;
        }
        double log = highest + Math.Log(sum);
        Row(logSumExp, row)[head] = Rounded(log);

        Span<double> mixed = stackalloc double[shape.HeadDim];
        mixed.Clear();
        for (int j = 0; j < visible; j++)
        {
            double p = Math.Exp(shape.Scale * Dot(query, Head(k, span.FirstKey + j, keyHead, shape)) - log);
            if (mask.Drops)
                p *= mask.Factor(mask.FirstRow + row, head, j);
            AddScaled(mixed, p, Head(v, span.FirstKey + j, keyHead, shape));
        }
        var output = Head(y, row, head, shape);
        for (int d = 0; d < output.Length; d++)
            output[d] = Rounded(mixed[d]);
    }

    static int Visible(AttentionSpans.Span span, AttentionShape shape, int i) =>
        shape.Causal ? span.KeyCount - span.QueryCount + i + 1 : span.KeyCount;

    static Span<T> Head(Tensor matrix, int row, int head, AttentionShape shape) =>
        Row(matrix, row).Slice(head * shape.HeadDim, shape.HeadDim);

    static void AddScaled(Span<double> sum, double factor, ReadOnlySpan<T> x)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += factor * Number(x[i]);
    }

    static void Put(Sink sink, Span<T> places, ReadOnlySpan<double> x)
    {
        for (int i = 0; i < x.Length; i++)
            Put(sink, ref places[i], x[i]);
    }
}
