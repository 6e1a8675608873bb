using System.Diagnostics;

namespace Cria.Fuzz;

/// <summary>Damaged files of one format, one after another, and what became of them.</summary>
sealed class Attack
{
    /// <summary>No file here is larger than some hundred kilobytes: whoever needs longer hangs, or works in vain.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What any reader may allocate for itself: buffers, tables of the language.</summary>
    const long Own = (1 << 20) + (1 << 21); // the latter for the table of words that a byte-level encoder remembers, whatever the file

    const int LongestSentence = 1000, MostFaults = 20;

    readonly IFormat _format;
    readonly int _seed;
    readonly LargestObject _largest;
    readonly MeteredDevice _device = new();
    readonly string _folder = Directory.CreateTempSubdirectory("cria-fuzz-").FullName;
    readonly string _path;
    readonly byte[] _good;
    int _refused, _accepted, _structured;
    long _largestShare;
    TimeSpan _slowest;

    public Attack(IFormat format, int seed, LargestObject largest)
    {
        (_format, _seed, _largest) = (format, seed, largest);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(_folder, recursive: true);
        _path = format.Make(_folder);
        _good = File.ReadAllBytes(_path);
        _device.Limit = long.MaxValue;
        format.Read(_path, _device); // the undamaged one must be readable, or nothing is tested
    }

    public List<string> Faults { get; } = [];

    public object Summary => new
    {
        format = _format.Name,
        files = _refused + _accepted + Faults.Count,
        structured = _structured,
        refused = _refused,
        accepted = _accepted,
        faults = Faults.Count,
        largest_allocation = _largestShare,
        file_bytes = _good.Length,
        slowest_ms = Math.Round(_slowest.TotalMilliseconds, 1),
    };

    public void Run(int index)
    {
        if (Faults.Count == MostFaults)
            return;
        var random = new Random(_seed * 1_000_003 + index);
        bool isStructured = index % 2 == 0;
        byte[] bytes = isStructured ? _format.Lie(random, _good) : Damage.Any(random, _good);
        _structured += isStructured ? 1 : 0;
        File.WriteAllBytes(_path, bytes);
        long allowed = (_format.Expansion * (long)Math.Max(bytes.Length, _good.Length)) + Own;
        (_device.Limit, _device.Largest) = (allowed + _format.Granted, 0);
        _largest.Take();
        long began = Stopwatch.GetTimestamp();
        string? fault = Fault();
        var time = Stopwatch.GetElapsedTime(began);
        long most = _largest.Take();
        _slowest = time > _slowest ? time : _slowest;
        _largestShare = Math.Max(_largestShare, Math.Max(most, _device.Largest));
        fault ??= time > Patience ? $"took {time.TotalSeconds:F1} s" : most > allowed ? $"allocated {most:N0} bytes for a file of {bytes.Length:N0}" : null;
        if (fault is null)
            return;
        string kept = Path.Combine(Path.GetTempPath(), $"cria-fuzz-{_format.Name}-{_seed}-{index}");
        File.WriteAllBytes(kept, bytes);
        Faults.Add($"{_format.Name} {_seed} {index}: {fault} ({kept})");
    }

    string? Fault()
    {
        try
        {
            _format.Read(_path, _device);
            _accepted++;
            return null;
        }
        catch (Exception e) when (IsSentence(e))
        {
            _refused++;
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Cria.", StringComparison.Ordinal))?.Trim()}";
        }
    }

    /// <summary>Exceptions of our rooms carry one sentence for a person; any other is a reader's fault.</summary>
    static bool IsSentence(Exception e) =>
        e is not BeyondTheFileException && e.GetType().Namespace!.StartsWith("Cria.", StringComparison.Ordinal)
        && e.Message.Length is > 10 and < LongestSentence && !e.Message.Contains('\n', StringComparison.Ordinal);
}
