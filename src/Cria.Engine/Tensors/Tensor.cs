using System.Diagnostics;

namespace Cria.Engine.Tensors;

/// <summary>
/// A view of device memory: device, address, type, shape. It owns nothing. Only kernels of its device touch the memory;
/// others copy through <see cref="IDevice"/>.
/// </summary>
/// <remarks>
/// A tensor recorded for a capacity may be live only in its first rows: <see cref="Extent"/> is the device address of an
/// I32 that counts the live leading entries of the capacity, or 0 when all are. <see cref="FirstRow"/> is where a slice
/// starts within the capacity, so that a slice past the extent has no live rows.
/// </remarks>
public readonly struct Tensor
{
    public Tensor(IDevice device, nint address, DType type, Shape shape, nint extent = 0, int firstRow = 0) =>
        (Device, Address, DType, Shape, Extent, FirstRow) = (device, address, type, shape, extent, firstRow);

    public IDevice Device { get; }

    public nint Address { get; }

    public DType DType { get; }

    public Shape Shape { get; }

    public nint Extent { get; }

    public int FirstRow { get; }

    public bool IsNothing => Address == 0;

    public int Rows => Shape.Rows;

    public int Columns => Shape.Columns;

    public long Length => Shape.Length;

    public long SizeInBytes => Length * DType.SizeInBytes();

    /// <summary>The rows that hold data in this step. Host memory only: the extent is read through the address.</summary>
    public unsafe int LiveRows
    {
        get
        {
            if (Extent == 0)
                return Rows;
            int leading = Shape.Leading;
            int live = Math.Clamp(*(int*)Extent - FirstRow, 0, leading);
            return leading == 0 ? 0 : live * (Rows / leading);
        }
    }

    /// <summary>The elements of host memory, all of the capacity.</summary>
    public unsafe Span<T> Span<T>() where T : unmanaged
    {
        Debug.Assert(sizeof(T) == DType.SizeInBytes(), "the element type does not fit the tensor's");
        return new((void*)Address, checked((int)Length));
    }

    /// <summary>The leading entries start .. start + count of a matrix.</summary>
    public Tensor RowRange(int start, int count)
    {
        Debug.Assert(Shape.Rank == 2 && start >= 0 && start + count <= Rows);
        nint address = Address + (nint)((long)start * Columns * DType.SizeInBytes());
        return new(Device, address, DType, new Shape(count, Columns), Extent, FirstRow + start);
    }

    /// <summary>The same memory seen with other sizes of the same length.</summary>
    public Tensor Reshape(Shape shape)
    {
        Debug.Assert(shape.Length == Length);
        return new(Device, Address, DType, shape, Extent, FirstRow);
    }

    public override string ToString() => $"{DType}{Shape}";
}
