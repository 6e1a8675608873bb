namespace Cria.Data.Fetching;

/// <summary>What all files of a fetch share: the client, its connections, the disk, how far it is.</summary>
sealed class Transfer(FetchOptions options, string folder, FetchProgress progress) : IDisposable
{
    public FetchOptions Options => options;

    public FetchProgress Progress => progress;

    public WebClient Web { get; } = new(options);

    public DiskSpace Space { get; } = new(options, folder);

    /// <summary>One for every request that may be under way.</summary>
    public SemaphoreSlim Connections { get; } = new(options.Connections);

    public RetryLoop Retries() => new(options, () => Web.HasReached);

    public void Dispose()
    {
        Web.Dispose();
        Connections.Dispose();
    }
}
