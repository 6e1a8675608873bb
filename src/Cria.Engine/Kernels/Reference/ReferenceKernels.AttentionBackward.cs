using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

/// <summary>
/// With p = softmax(s), s = scale · q·k: dv = Σ p · dy; dp = dy·v; ds = p · (dp − Σ dy·y); dq = scale · Σ ds · k;
/// dk = scale · Σ ds · q. Sums over a key's queries run over all query heads of its group. With a mask m of what is dropped
/// dv = Σ m · p · dy and dp = m · dy·v; the rest is the same, because y has the mask in it.
/// </summary>
public sealed partial class ReferenceKernels<T>
{
    public void AttentionBackward(Sink dq, Sink dk, Sink dv, Tensor delta, Tensor dy, Tensor y, Tensor logSumExp,
        Tensor q, Tensor k, Tensor v, AttentionSpans spans, AttentionShape shape)
    {
        Debug.Assert(!spans.HasCache && dy.Shape == q.Shape && y.Shape == q.Shape && k.Shape == v.Shape);
        for (int row = 0; row < q.LiveRows; row++)
            for (int head = 0; head < shape.NumHeads; head++)
                Row(delta, row)[head] = Rounded(Dot(Head(dy, row, head, shape), Head(y, row, head, shape)));

        var pairs = new Pairs(delta, dy, logSumExp, q, k, v, shape, spans.Dropout);
        for (int s = 0; s < spans.Segments; s++)
        {
            var span = spans[s];
            for (int i = 0; dq.IsWanted && i < span.QueryCount; i++)
                for (int head = 0; head < shape.NumHeads; head++)
                    SendToQuery(dq, pairs, span, i, head);
            for (int j = 0; (dk.IsWanted || dv.IsWanted) && j < span.KeyCount; j++)
                for (int keyHead = 0; keyHead < shape.NumKeyValueHeads; keyHead++)
                    SendToKey(dk, dv, pairs, span, j, keyHead);
        }
    }

    static void SendToQuery(Sink dq, in Pairs pairs, AttentionSpans.Span span, int i, int head)
    {
        var shape = pairs.Shape;
        int row = span.FirstQuery + i, visible = Visible(span, shape, i);
        Span<double> sum = stackalloc double[shape.HeadDim];
        sum.Clear();
        for (int j = 0; j < visible; j++)
            AddScaled(sum, pairs.ScoreGradient(row, span.FirstKey, j, head, out _),
                Head(pairs.K, span.FirstKey + j, head / shape.QueriesPerKey, shape));
        Put(dq, Head(dq.Tensor, row, head, shape), sum);
    }

    static void SendToKey(Sink dk, Sink dv, in Pairs pairs, AttentionSpans.Span span, int j, int keyHead)
    {
        var shape = pairs.Shape;
        int keyRow = span.FirstKey + j;
        Span<double> keySum = stackalloc double[shape.HeadDim], valueSum = stackalloc double[shape.HeadDim];
        keySum.Clear();
        valueSum.Clear();
        for (int i = 0; i < span.QueryCount; i++)
        {
            if (j >= Visible(span, shape, i))
                continue;
            int row = span.FirstQuery + i, first = keyHead * shape.QueriesPerKey;
            for (int head = first; head < first + shape.QueriesPerKey; head++)
            {
                AddScaled(keySum, pairs.ScoreGradient(row, span.FirstKey, j, head, out double p), Head(pairs.Q, row, head, shape));
                AddScaled(valueSum, p, Head(pairs.DY, row, head, shape));
            }
        }
        if (dk.IsWanted)
            Put(dk, Head(dk.Tensor, keyRow, keyHead, shape), keySum);
        if (dv.IsWanted)
            Put(dv, Head(dv.Tensor, keyRow, keyHead, shape), valueSum);
    }

    /// <summary>What one (query, key) pair of one head needs.</summary>
    readonly record struct Pairs(Tensor Delta, Tensor DY, Tensor LogSumExp, Tensor Q, Tensor K, Tensor V, AttentionShape Shape,
        DropoutMask Mask)
    {
        /// <summary>scale · ds, and m · p, of a segment's key j.</summary>
        public double ScoreGradient(int query, int firstKey, int j, int head, out double p)
        {
            int key = firstKey + j;
            int keyHead = head / Shape.QueriesPerKey;
            double score = Shape.Scale * Dot(Head(Q, query, head, Shape), Head(K, key, keyHead, Shape));
            p = Math.Exp(score - Number(Row(LogSumExp, query)[head]));
            double dp = Dot(Head(DY, query, head, Shape), Head(V, key, keyHead, Shape));
            double factor = Mask.Drops ? Mask.Factor(Mask.FirstRow + query, head, j) : 1;
            double gradient = Shape.Scale * p * (factor * dp - Number(Row(Delta, query)[head]));
            p *= factor;
            return gradient;
        }
    }
}
