namespace Cria.Models;

/// <summary>
/// Rotary positions turn pairs of rows of a projection. Some files have the rows of pair i at 2i and 2i + 1 of each head;
/// here they are at i and i + P/2, so that vectors of rows are turned together. The order of rows within a head changes no
/// score, as long as queries and keys have the same.
/// </summary>
/// <param name="HeadDim">D, the rows of a head.</param>
/// <param name="RotaryDim">P: the first rows of each head, which are turned; the others stay where they are.</param>
public readonly record struct InterleavedPairs(int HeadDim, int RotaryDim)
{
    /// <summary>Where the file's row is here.</summary>
    public int Here(int row)
    {
        int inHead = row % HeadDim;
        return inHead >= RotaryDim ? row : row - inHead + inHead / 2 + inHead % 2 * (RotaryDim / 2);
    }
}
