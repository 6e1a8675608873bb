using System.Security.Cryptography;
using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

/// <summary>A fetch into a folder of its own, with patience for milliseconds and waits that are noted and not waited.</summary>
sealed class FetchTrial : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public FetchTrial() => Options = new FetchOptions
    {
        Patience = new FetchPatience
        {
            Headers = TimeSpan.FromMilliseconds(400),
            Stall = TimeSpan.FromMilliseconds(200),
        },
        PieceBytes = 1 << 20,
        Clock = Clock,
        Say = sentence =>
        {
            lock (Said)
                Said.Add(sentence);
        },
    };

    public NotingClock Clock { get; } = new();

    public List<string> Said { get; } = [];

    public FetchOptions Options { get; set; }

    public FetchProgress Progress { get; private set; } = new();

    public string Folder => _folder["out"];

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Bytes that no pattern shortens, the same for the same seed.</summary>
    public static byte[] Content(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        byte[] block = BitConverter.GetBytes(seed);
        for (int at = 0; at < length; at += 32)
        {
            block = SHA256.HashData(block);
            block.AsSpan(0, Math.Min(32, length - at)).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public FetchReport Fetch(params string[] sources) => Fetch(FetchRequest.Parse(sources));

    public FetchReport Fetch(FetchRequest request, CancellationToken cancellation = default)
    {
        Progress = new FetchProgress();
        return CorpusFetch.RunAsync(request, Folder, Options, Progress, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>The sentence with which a fetch fails.</summary>
    public string Refusal(params string[] sources) => Assert.Throws<DataException>(() => Fetch(sources)).Message;

    /// <summary>The file is there, as it should be, and nothing of its making is left.</summary>
    public void Has(string name, byte[] content)
    {
        Assert.Equal(Hash(content), Hash(File.ReadAllBytes(this[name])));
        Assert.False(File.Exists(this[name + ".part"]), "the part is left");
        Assert.False(File.Exists(this[name + ".part.json"]), "the part's state is left");
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>A clock whose waits are over at once.</summary>
sealed class NotingClock : TimeProvider
{
    int _asked;

    public List<TimeSpan> Waits { get; } = [];

    /// <summary>At which question for the time the program ends as if it were killed; 0: at none.</summary>
    public int DiesAt { get; set; }

    public override DateTimeOffset GetUtcNow() =>
        ++_asked == DiesAt ? throw new TimeoutException("killed") : base.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (Waits)
            Waits.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
