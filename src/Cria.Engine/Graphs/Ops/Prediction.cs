namespace Cria.Engine.Graphs.Ops;

/// <summary>What a model says of the next token, before it is projected onto the vocabulary.</summary>
/// <param name="Hidden">(R, H): final hidden states.</param>
/// <param name="Head">(V, H): logits are hidden · headᵀ (+ bias).</param>
/// <param name="Bias">(V), in architectures that add one.</param>
public sealed record Prediction(Value Hidden, Parameter Head, Parameter? Bias = null)
{
    /// <summary>V</summary>
    public int Vocabulary => Head.Rows;

    /// <summary>The values an op that projects it reads.</summary>
    public IEnumerable<Value> Values => Bias is null ? [Hidden, Head] : [Hidden, Head, Bias];

    /// <summary>Multiply-adds of all logits.</summary>
    public long MultiplyAdds => (long)Hidden.Rows * Head.Shape.Length;

    internal void Check()
    {
        if (Hidden.Columns != Head.Columns)
            throw new ArgumentException($"{Head.Name} {Head.Shape} does not fit hidden states of {Hidden.Columns} columns");
        if (Bias is not null && Bias.Shape.Length != Head.Rows)
            throw new ArgumentException($"{Bias.Name} {Bias.Shape} does not fit the {Head.Rows} outputs of {Head.Name}");
    }
}
