using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>How a parameter starts: every element is a function of (seed, parameter name, index).</summary>
public abstract record Initializer
{
    public abstract double At(Philox random, ulong index);

    public sealed record Constant(double Value) : Initializer
    {
        public override double At(Philox random, ulong index) => Value;
    }

    /// <summary>Normal with mean 0.</summary>
    public sealed record Normal(double StandardDeviation) : Initializer
    {
        public override double At(Philox random, ulong index) => StandardDeviation * random.Normal(index);
    }

    /// <summary>One row of a matrix starts as zeros.</summary>
    public sealed record WithZeroRow(Initializer Others, int Row, int Columns) : Initializer
    {
        public override double At(Philox random, ulong index) =>
            index / (ulong)Columns == (ulong)Row ? 0 : Others.At(random, index);
    }

    /// <summary>Uniform in [−Limit, Limit).</summary>
    public sealed record Uniform(double Limit) : Initializer
    {
        public override double At(Philox random, ulong index) => Limit * (2 * random.Uniform(index) - 1);
    }
}
