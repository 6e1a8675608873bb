namespace Cria.Data.Shards.Packing;

/// <summary>A set that documents are packed into: a new one, or one that is there. Nobody else writes it
/// meanwhile.</summary>
interface IPackTarget : IDisposable
{
    /// <summary>The folder's final name.</summary>
    string Path { get; }

    /// <summary>Where the files are written.</summary>
    string WorkFolder { get; }

    /// <summary>What the packing depends on besides the input; null for nothing.</summary>
    PackCondition? Condition { get; }

    /// <summary>Makes it ready for a first document; says what it holds already.</summary>
    /// <exception cref="DataException">It cannot be written.</exception>
    ShardProgress Begin();

    /// <summary>Makes what was packed the set, at once. What is published already stays.</summary>
    void Publish(byte[] manifest);

    /// <summary>Whether this manifest is the set's.</summary>
    bool IsPublished(byte[] manifest);

    /// <summary>Removes what was packed and not published.</summary>
    void Abandon();
}
