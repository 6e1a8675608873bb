using System.Diagnostics;
using System.Globalization;
using System.Text;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;

namespace Cria.Cli.Sweeps;

/// <summary>
/// One run as a process of this same program: what ends it ends nothing else. It saves and stops when its standard input ends, which
/// happens as well when this process is no more.
/// </summary>
sealed class JobProcess : IDisposable
{
    const int Tail = 4096;

    readonly Process _process;
    readonly StreamWriter _log;
    readonly Task _reading;
    string _lastSentence = "";

    public JobProcess(SweepJob job, int threads)
    {
        Job = job;
        Directory.CreateDirectory(Path.GetDirectoryName(job.Folder)!);
        WholeFile.Write(job.RecipeFilePath, RecipeFile.Text(job.Recipe));
        _log = new StreamWriter(job.Folder + ".log", append: true) { AutoFlush = true };
        _process = Process.Start(Command(job, threads))!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _reading = Task.Run(ReadErrors);
    }

    public SweepJob Job { get; }

    public bool HasEnded => _process.HasExited && _reading.IsCompleted;

    /// <summary>0 done, 130 saved and stopped.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Why it failed, in a sentence.</summary>
    public string LastSentence => _lastSentence.Length > 0
        ? _lastSentence
        : $"it ended with exit code {ExitCode} and without a word{(ExitCode == 137 ? "; it was killed, perhaps for want of memory" : "")}.";

    /// <summary>Asks it to save and stop.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }
    }

    public void Wait()
    {
        _process.WaitForExit();
        _reading.Wait();
    }

    /// <summary>Steps done, as its metrics say.</summary>
    public int Step()
    {
        string path = new RunFiles(Job.Folder).Metrics;
        if (!File.Exists(path))
            return 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - Tail);
        byte[] bytes = new byte[Tail];
        string text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, Tail, throwOnEndOfStream: false));
        int at = text.LastIndexOf("{\"step\":", StringComparison.Ordinal), end = at < 0 ? -1 : text.IndexOf(',', at);
        return end > 0 && int.TryParse(text.AsSpan(at + 8, end - at - 8), NumberStyles.None, CultureInfo.InvariantCulture, out int step)
            ? step
            : 0;
    }

    public void Dispose()
    {
        _process.Dispose();
        _log.Dispose();
    }

    void ReadErrors()
    {
        const string error = "error: ";
        while (_process.StandardError.ReadLine() is { } line)
        {
            _log.WriteLine(line);
            if (line.StartsWith(error, StringComparison.Ordinal))
                _lastSentence = line[error.Length..];
        }
    }

    static ProcessStartInfo Command(SweepJob job, int threads)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet"; // `dotnet cria.dll`
        string[] arguments =
        [
            "train", job.RecipeFilePath, "--out", job.Folder, "--resume", "--brief", StopWithInput.Name,
            "--threads", threads.ToString(CultureInfo.InvariantCulture),
            .. job.Until is { } until ? (string[])["--until", until.ToString(CultureInfo.InvariantCulture)] : [],
        ];
        return new(program, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
    }
}
