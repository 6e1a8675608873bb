namespace Cria.Cli.Frame;

/// <summary>Reports on the caller's thread, in order, which Progress of T does not.</summary>
sealed class Watcher<T>(Action<T> see) : IProgress<T>
{
    public void Report(T value) => see(value);
}
