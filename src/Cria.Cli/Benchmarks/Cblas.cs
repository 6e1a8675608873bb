using System.Runtime.InteropServices;

namespace Cria.Cli.Benchmarks;

/// <summary>Any CBLAS, found by soname or path, to compare our products with. Nothing else uses it.</summary>
sealed unsafe class Cblas
{
    public static readonly string[] Names =
        ["libopenblas.so.0", "libopenblas.so", "libmkl_rt.so.2", "libmkl_rt.so", "libblis.so.4", "libcblas.so.3", "libopenblas.dll", "mkl_rt.2.dll"];

    readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemm;
    readonly delegate* unmanaged<int, void> _setThreads;

    Cblas(string name, nint library)
    {
        Name = name;
        _sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        foreach (string setter in (string[])["openblas_set_num_threads", "MKL_Set_Num_Threads", "bli_thread_set_num_threads"])
            if (_setThreads == null && NativeLibrary.TryGetExport(library, setter, out nint address))
                _setThreads = (delegate* unmanaged<int, void>)address;
    }

    public string Name { get; }

    /// <summary>The library at a path (an error if it cannot be loaded), or the first known one that is installed, or null.</summary>
    public static Cblas? Find(string? path)
    {
        foreach (string name in path is null ? Names : [path])
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "cblas_sgemm", out _))
                return new(name, library);
        return path is null ? null : throw new FileNotFoundException($"{path} is not a library with cblas_sgemm.");
    }

    public void SetThreads(int threads)
    {
        if (_setThreads != null)
            _setThreads(threads);
    }

    public void Run(MatMulShape s, float* c, float* a, float* b)
    {
        const int rowMajor = 101, plain = 111, transposed = 112;
        _sgemm(rowMajor, s.TransA ? transposed : plain, s.TransB ? transposed : plain, s.M, s.N, s.K, 1,
            a, s.TransA ? s.M : s.K, b, s.TransB ? s.K : s.N, 0, c, s.N);
    }
}
