using System.Collections.Concurrent;
using Cria.Data.Tokenizers;

namespace Cria.Data.Shards.Packing;

/// <summary>
/// The way from blocks of documents to files: read on the caller's thread, taken apart and encoded on all cores, written
/// and hashed on a thread of its own, in order throughout. A few blocks are under way at a time, and their memory is used again.
/// </summary>
sealed class PackPipeline(ITokenizer tokenizer, ShardOptions options, int threads, int sets)
{
    const long MostWaiting = 32 << 20; // bytes of ids before the writer: what is encoded while it flushes

    readonly ConcurrentBag<PackedBlock> _free = [];

    /// <param name="source">The blocks.</param>
    /// <param name="pack">Puts the documents of a block into a packed one; called from several threads at once.</param>
    /// <param name="write">Writes a packed block; called from one thread, in order.</param>
    public void Run<T>(IEnumerable<T> source, Action<T, PackedBlock> pack, Action<PackedBlock> write)
    {
        var pipeline = new OrderedPipeline<T, PackedBlock>(item =>
        {
            if (!_free.TryTake(out PackedBlock? block))
                block = new PackedBlock(tokenizer, options, sets, threads);
            pack(item, block);
            return block;
        }, threads);
        using var writer = new FollowingThread<PackedBlock>(block =>
        {
            write(block);
            block.Clear();
            _free.Add(block);
        }, block => block.Bytes, MostWaiting);
        foreach (PackedBlock block in pipeline.Run(source))
            writer.Add(block);
        writer.Complete();
    }
}
