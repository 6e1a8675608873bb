namespace Cria.Data.Shards.Packing;

/// <summary>A set that is not there yet.</summary>
sealed class NewSet(string folder, ShardStorage storage) : IPackTarget
{
    readonly ShardFolder _folder = new(folder, storage);

    public string Path => _folder.Path;

    public string WorkFolder => _folder.Temporary;

    public PackCondition? Condition => null;

    public ShardProgress Begin()
    {
        _folder.Begin();
        return ShardProgress.None;
    }

    public void Publish(byte[] manifest) => _folder.Publish(manifest);

    public bool IsPublished(byte[] manifest) => _folder.IsPublished(manifest);

    public void Abandon() => _folder.RemoveTemporary();

    public void Dispose() => _folder.Dispose();
}
