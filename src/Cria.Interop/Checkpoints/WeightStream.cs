using Cria.Models;

namespace Cria.Interop.Checkpoints;

/// <summary>Reads numbers of a file's tensor as F32, from its <paramref name="first"/> on.</summary>
public delegate void ReadNumbers(long first, Span<float> numbers);

/// <summary>Writes the next numbers of a file's tensor.</summary>
public delegate void WriteNumbers(ReadOnlySpan<float> numbers);

/// <summary>Carries tensors between files and models in pieces of a few hundred kilobytes: never a second copy of the weights.</summary>
/// <param name="moved">Hears how many numbers have been carried so far.</param>
/// <param name="cancellation">Asked after every piece.</param>
public sealed class WeightStream(Action<long>? moved = null, CancellationToken cancellation = default)
{
    const int PieceNumbers = 1 << 17;

    readonly float[] _piece = new float[PieceNumbers];
    long _moved;

    /// <summary>Fills a tensor of a model.</summary>
    /// <param name="tensor">Its shape has been compared with the file's.</param>
    /// <param name="read">The file's numbers.</param>
    /// <param name="interleavedHead">D where the file's rows are those of q or k in the interleaved order; 0 where they are as ours.</param>
    public void Load(StoredTensor tensor, ReadNumbers read, int interleavedHead = 0)
    {
        int columns = tensor.Shape.Columns;
        foreach (var (row, count) in Panels(tensor, interleavedHead))
        {
            var piece = Piece(count * columns);
            read((long)row * columns, piece);
            if (interleavedHead > 0)
                RotaryRows.ToHalves(piece, interleavedHead, columns);
            tensor.WriteRows(row, piece);
            Moved(piece.Length);
        }
    }

    /// <summary>Gives a tensor of a model out.</summary>
    /// <param name="tensor">Whose numbers.</param>
    /// <param name="write">Takes them, in the order of the file.</param>
    /// <param name="interleavedHead">D where the file wants the rows of q or k in the interleaved order; 0 where they are as ours.</param>
    public void Save(StoredTensor tensor, WriteNumbers write, int interleavedHead = 0)
    {
        int columns = tensor.Shape.Columns;
        foreach (var (row, count) in Panels(tensor, interleavedHead))
        {
            var piece = Piece(count * columns);
            tensor.ReadRows(row, piece);
            if (interleavedHead > 0)
                RotaryRows.ToInterleaved(piece, interleavedHead, columns);
            write(piece);
            Moved(piece.Length);
        }
    }

    static IEnumerable<(int Row, int Count)> Panels(StoredTensor tensor, int interleavedHead)
    {
        var (rows, unit) = (tensor.Shape.Rows, Math.Max(1, interleavedHead));
        int panel = Math.Max(1, PieceNumbers / Math.Max(1, tensor.Shape.Columns) / unit) * unit;
        for (int row = 0; row < rows; row += panel)
            yield return (row, Math.Min(panel, rows - row));
    }

    Span<float> Piece(int numbers) => numbers <= _piece.Length ? _piece.AsSpan(0, numbers) : new float[numbers];

    void Moved(int numbers)
    {
        cancellation.ThrowIfCancellationRequested();
        moved?.Invoke(_moved += numbers);
    }
}
