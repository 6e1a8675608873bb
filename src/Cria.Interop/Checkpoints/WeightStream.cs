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
    public void Load(StoredTensor tensor, ReadNumbers read)
    {
        int columns = tensor.Shape.Columns;
        foreach (var (row, count) in Panels(tensor))
        {
            var piece = Piece(count * columns);
            read((long)row * columns, piece);
            tensor.WriteRows(row, piece);
            Moved(piece.Length);
        }
    }

    /// <summary>Gives a tensor of a model out.</summary>
    /// <param name="tensor">Whose numbers.</param>
    /// <param name="write">Takes them, in the order of the file.</param>
    public void Save(StoredTensor tensor, WriteNumbers write)
    {
        int columns = tensor.Shape.Columns;
        foreach (var (row, count) in Panels(tensor))
        {
            var piece = Piece(count * columns);
            tensor.ReadRows(row, piece);
            write(piece);
            Moved(piece.Length);
        }
    }

    static IEnumerable<(int Row, int Count)> Panels(StoredTensor tensor)
    {
        int rows = tensor.Shape.Rows, panel = Math.Max(1, PieceNumbers / Math.Max(1, tensor.Shape.Columns));
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
