using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void SampleLabels(Tensor targets, Tensor logits, SampledLabels labels)
    {
        Debug.Assert(targets.Rows == logits.Rows);
        for (int r = 0; r < logits.LiveRows; r++)
        {
            var row = Row(logits, r);
            double log = LogSumExp(row), sum = 0;
            double share = SampledLabels.Share(labels.Noise, labels.FirstRow + logits.FirstRow + r, labels.Step);
            int token = 0;
            while (token < row.Length - 1 && (sum += Math.Exp(Number(row[token]) - log)) <= share)
                token++;
            targets.Span<int>()[r] = token;
        }
    }
}
