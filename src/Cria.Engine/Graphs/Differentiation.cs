using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// Derives the backward order, and for every gradient whether an op overwrites it or adds to it. The first op to reach a
/// gradient overwrites, later ones add, so nothing is cleared in advance. A parameter's gradient is overwritten in the
/// first micro-batch of a step and added to in the later ones.
/// </summary>
static class Differentiation
{
    /// <returns>The ops that somebody trainable needs, in the order of their backward passes.</returns>
    public static List<Op> Run(IReadOnlyList<Op> ops, Value loss)
    {
        var learns = new HashSet<Value>();
        foreach (var op in ops)
            if (op.Inputs.Any(input => input is Parameter { Trainable: true } || learns.Contains(input)))
                learns.Add(op.Output);
        if (!learns.Contains(loss))
            throw new InvalidOperationException("the loss does not depend on any trainable parameter");

        loss.Gradient = new Value("dloss", loss.DType, loss.Shape);
        var reached = new HashSet<Value> { loss };
        var backward = new List<Op>();
        foreach (var op in ops.Reverse())
        {
            if (!learns.Contains(op.Output) || !reached.Contains(op.Output))
                continue;
            var first = new SinkMode[op.Inputs.Count];
            var later = new SinkMode[op.Inputs.Count];
            for (int i = 0; i < first.Length; i++)
            {
                var input = op.Inputs[i];
                bool isLeaf = input is Parameter { Trainable: true };
                if (!isLeaf && !learns.Contains(input))
                    continue;
                for (int earlier = 0; earlier < i; earlier++)
                    if (ReferenceEquals(op.Inputs[earlier], input))
                        throw new InvalidOperationException(
                            $"{op.Name} ({op.Caller}) takes {input.Name} twice; its two gradients would need two places");
                first[i] = reached.Add(input) ? SinkMode.Overwrite : SinkMode.Add;
                later[i] = isLeaf ? SinkMode.Add : first[i];
                input.Gradient ??= new Value("d" + input.Name, input.DType, input.Shape)
                {
                    FollowsExtent = input.FollowsExtent,
                };
            }
            op.Modes = [first, later];
            backward.Add(op);
        }
        return backward;
    }
}
