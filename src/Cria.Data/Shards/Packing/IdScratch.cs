using System.Buffers;
using System.Runtime.InteropServices;

namespace Cria.Data.Shards.Packing;

/// <summary>
/// Room for the ids of one document. A tokenizer must be given room for the worst case, an id a byte, of which real text
/// fills a quarter; room for a long document comes from the system, which gives memory only to what is written, and goes back at once.
/// </summary>
unsafe ref struct IdScratch
{
    const int MostPooled = 1 << 20;

    readonly int[]? _pooled;
    void* _native;

    public IdScratch(int length)
    {
        if (length <= MostPooled)
        {
            _pooled = ArrayPool<int>.Shared.Rent(length);
            Ids = _pooled;
        }
        else
        {
            _native = NativeMemory.Alloc((nuint)length, sizeof(int));
            Ids = new Span<int>(_native, length);
        }
    }

    public Span<int> Ids { get; private set; }

    public void Dispose()
    {
        Ids = default;
        if (_pooled is not null)
            ArrayPool<int>.Shared.Return(_pooled);
        NativeMemory.Free(_native);
        _native = null;
    }
}
