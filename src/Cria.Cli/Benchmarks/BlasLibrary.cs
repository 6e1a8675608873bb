using System.Runtime.InteropServices;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// Somebody else's single-precision product, found by soname or path, to hold ours against: any CBLAS, or oneDNN.
/// Nothing else uses it.
/// </summary>
abstract unsafe class BlasLibrary(string name)
{
    static readonly string[] Blases =
        ["libopenblas.so.0", "libopenblas.so", "libmkl_rt.so.2", "libmkl_rt.so", "libblis.so.4", "libcblas.so.3", "libopenblas.dll", "mkl_rt.2.dll"];

    static readonly string[] OneDnns = ["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so", "dnnl.dll"];

    /// <summary>What is looked for.</summary>
    public static string[] Names => [.. Blases, .. OneDnns];

    public string Name => name;

    /// <summary>The library at a path (an error if it cannot be loaded), or the first CBLAS and the first oneDNN installed.</summary>
    public static IReadOnlyList<BlasLibrary> Find(string? path)
    {
        if (path is not null)
            return [Load(path) ?? throw new FileNotFoundException($"{path} is not a library with cblas_sgemm or dnnl_sgemm.")];
        BlasLibrary?[] found =
            [Blases.Select(Load).FirstOrDefault(b => b is not null), OneDnns.Select(Load).FirstOrDefault(b => b is not null)];
        return [.. found.OfType<BlasLibrary>()];
    }

    public abstract void SetThreads(int threads);

    /// <summary>C (m, n) = op(A) · op(B), all row-major.</summary>
    public abstract void Run(MatMulShape shape, float* c, float* a, float* b);

    static BlasLibrary? Load(string path)
    {
        if (!NativeLibrary.TryLoad(path, out nint library))
            return null;
        if (NativeLibrary.TryGetExport(library, "cblas_sgemm", out nint sgemm))
            return new Cblas(path, library, sgemm);
        return NativeLibrary.TryGetExport(library, "dnnl_sgemm", out sgemm) ? new OneDnn(path, sgemm) : null;
    }

    sealed class Cblas : BlasLibrary
    {
        readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemm;
        readonly delegate* unmanaged<int, void> _setThreads;

        public Cblas(string path, nint library, nint sgemm) : base(path + Kernels(library))
        {
            _sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)sgemm;
            foreach (string setter in (string[])["openblas_set_num_threads", "MKL_Set_Num_Threads", "bli_thread_set_num_threads"])
                if (_setThreads == null && NativeLibrary.TryGetExport(library, setter, out nint address))
                    _setThreads = (delegate* unmanaged<int, void>)address;
        }

        public override void SetThreads(int threads)
        {
            if (_setThreads != null)
                _setThreads(threads);
        }

        public override void Run(MatMulShape s, float* c, float* a, float* b)
        {
            const int rowMajor = 101, plain = 111, transposed = 112;
            _sgemm(rowMajor, s.TransA ? transposed : plain, s.TransB ? transposed : plain, s.M, s.N, s.K, 1,
                a, s.TransA ? s.M : s.K, b, s.TransB ? s.K : s.N, 0, c, s.N);
        }

        /// <summary>Which of its kernels OpenBLAS chose; OPENBLAS_CORETYPE changes that.</summary>
        static string Kernels(nint library) =>
            NativeLibrary.TryGetExport(library, "openblas_get_corename", out nint address)
                ? $" ({Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)address)())})" : "";
    }

    sealed class OneDnn : BlasLibrary
    {
        readonly delegate* unmanaged<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int> _sgemm;
        readonly delegate* unmanaged<int, void> _setThreads;

        public OneDnn(string path, nint sgemm) : base(path)
        {
            _sgemm = (delegate* unmanaged<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int>)sgemm;
            foreach (string openMp in (string[])["libgomp.so.1", "libiomp5.so"])
                if (_setThreads == null && NativeLibrary.TryLoad(openMp, out nint library)
                    && NativeLibrary.TryGetExport(library, "omp_set_num_threads", out nint address))
                    _setThreads = (delegate* unmanaged<int, void>)address;
        }

        public override void SetThreads(int threads)
        {
            if (_setThreads != null)
                _setThreads(threads);
        }

        public override void Run(MatMulShape s, float* c, float* a, float* b)
        {
            int status = _sgemm(s.TransA ? (byte)'T' : (byte)'N', s.TransB ? (byte)'T' : (byte)'N', s.M, s.N, s.K, 1,
                a, s.TransA ? s.M : s.K, b, s.TransB ? s.K : s.N, 0, c, s.N);
            if (status != 0)
                throw new InvalidOperationException($"{Name} refused a product of {s.M} × {s.N} × {s.K} with status {status}.");
        }
    }
}
