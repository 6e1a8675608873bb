namespace Cria.Engine.Kernels.Cpu;

/// <summary>Work over a range of rows; a struct, so that starting it on a pool allocates nothing.</summary>
public interface IRowWork
{
    /// <summary>Does rows [start, end) as worker number <paramref name="worker"/>, 0 to Threads - 1.</summary>
    void Run(int start, int end, int worker);
}
