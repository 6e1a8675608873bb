namespace Cria.Data.Fetching;

/// <summary>One fetch at a time writes into a folder; the system frees the lock of one that was killed.</summary>
static class FetchLock
{
    public const string FileName = ".cria-fetch.lock";

    const int HeldOnLinux = 11, HeldOnMac = 35; // EWOULDBLOCK
    const int HeldOnWindows = unchecked((int)0x80070020);

    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until no other fetch writes into the folder. Disposing lets the next one in; the empty file stays.</summary>
    public static async Task<IDisposable> TakeAsync(string folder, Action<string> say, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, FileName);
        for (bool said = false; ; said = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
            {
                if (!said)
                    say($"Another fetch writes into {folder}; this one begins when that one ends.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DurableFile.Failure(path, e);
            }

            await Task.Delay(Between, cancellation);
        }
    }
}
