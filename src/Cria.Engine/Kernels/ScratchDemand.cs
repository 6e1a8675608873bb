namespace Cria.Engine.Kernels;

/// <summary>The largest sizes among the calls of some plans: what a backend needs to know to size its own buffers.</summary>
public sealed class ScratchDemand
{
    readonly List<(AttentionShape Shape, int Keys, bool Backward)> _attentions = [];
    readonly List<(int Rows, int Columns, int Sums)> _columnSums = [];

    /// <summary>Attentions, each with the most keys that a segment can have.</summary>
    public IReadOnlyList<(AttentionShape Shape, int Keys, bool Backward)> Attentions => _attentions;

    /// <summary>Sums over rows: gradients of norms' weights and of biases.</summary>
    public IReadOnlyList<(int Rows, int Columns, int Sums)> ColumnSums => _columnSums;

    /// <summary>Elements of the flat gradients whose norm is taken; 0 where nothing is trained.</summary>
    public long FlatLength { get; set; }

    /// <summary>The largest matrix whose basis is decomposed; 0 for none.</summary>
    public int BasisSize { get; private set; }

    /// <summary>The numbers of the largest matrix whose rows or columns change places; 0 for none.</summary>
    public long ReorderLength { get; private set; }

    public void Basis(int size) => BasisSize = Math.Max(BasisSize, size);

    public void Reorder(long length) => ReorderLength = Math.Max(ReorderLength, length);

    /// <summary>Ranges of the flat block whose norms are taken; 0 where none are.</summary>
    public int NormRanges { get; set; }

    public void Attention(AttentionShape shape, int keys, bool backward)
    {
        if (!_attentions.Contains((shape, keys, backward)))
            _attentions.Add((shape, keys, backward));
    }

    /// <param name="rows">Summed over.</param>
    /// <param name="columns">Of each sum.</param>
    /// <param name="sums">How many are taken in one pass.</param>
    public void ColumnSum(int rows, int columns, int sums = 1)
    {
        if (!_columnSums.Contains((rows, columns, sums)))
            _columnSums.Add((rows, columns, sums));
    }
}
