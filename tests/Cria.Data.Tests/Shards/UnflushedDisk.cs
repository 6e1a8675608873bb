using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

/// <summary>The disk, without waiting for its platters: what no test can see, and a busy machine does slowly.</summary>
sealed class UnflushedDisk : ShardStorage
{
    public static UnflushedDisk Instance { get; } = new();

    public override void Flush(Stream file)
    {
    }

    public override void FlushFolder(string folder)
    {
    }

    // Some file systems wait for the platters when a file takes the place of another.
    public override void Replace(string from, string to)
    {
        File.Delete(to);
        base.Replace(from, to);
    }
}
