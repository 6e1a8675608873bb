using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Cria.Cli.Tests;

/// <summary>The built program, run as a person runs it.</summary>
sealed class CriaProcess : IDisposable
{
    const int PatienceMilliseconds = 300_000;

    readonly Process _process;
    readonly Task<string> _output, _error;

    CriaProcess(IEnumerable<string> before, IEnumerable<string> arguments)
    {
        string[] words = [.. before, "dotnet", Path.Combine(AppContext.BaseDirectory, "cria.dll"), .. arguments];
        ProcessStartInfo start = new(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public static CriaProcess Start(params string[] arguments) => new([], arguments);

    /// <summary>Starts it with these words before it: a program that becomes it, such as nohup.</summary>
    public static CriaProcess StartAfter(string[] before, params string[] arguments) => new(before, arguments);

    /// <summary>Runs to the end.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments) => RunWithInput("", arguments);

    /// <inheritdoc cref="Run"/>
    /// <inheritdoc cref="StartAfter"/>
    public static (int Code, string Output, string Error) RunAfter(string[] before, params string[] arguments) =>
        Finished(new(before, arguments), "");

    public static (int Code, string Output, string Error) RunWithInput(string input, params string[] arguments) =>
        Finished(new([], arguments), input);

    /// <summary>Runs to the end and insists on success.</summary>
    public static string Succeed(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.True(code == 0, $"cria {string.Join(' ', arguments)} returned {code}: {error}");
        return output;
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Waits for something to be seen, while it runs.</summary>
    public void Await(Func<bool> sight)
    {
        Stopwatch patience = Stopwatch.StartNew();
        while (!sight())
        {
            if (HasEnded)
                Assert.Fail($"it ended: {Finish()}");
            Assert.True(patience.ElapsedMilliseconds < PatienceMilliseconds, "nothing was seen");
            Thread.Sleep(1);
        }
    }

    /// <summary>Ends it at once (SIGKILL): nothing in the program can answer.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends it a signal; skips the test where children inherit that it is ignored or blocked.</summary>
    public void Signal(Interruption signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send");
        Assert.SkipWhen(IsDeafTo(signal), $"this test runs where signal {(int)signal} is ignored or blocked, and children inherit that");
        Assert.Equal(0, Send(_process.Id, (int)signal));
    }

    /// <summary>Once more, to a process that may have ended since the first signal.</summary>
    public void SignalAgain(Interruption signal)
    {
        if (!HasEnded)
            _ = Send(_process.Id, (int)signal);
    }

    public (int Code, string Output, string Error) Finish()
    {
        if (!_process.WaitForExit(PatienceMilliseconds))
        {
            _process.Kill();
            Assert.Fail($"cria did not end within {PatienceMilliseconds} ms");
        }

        return (_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    static (int Code, string Output, string Error) Finished(CriaProcess process, string input)
    {
        using (process)
        {
            process._process.StandardInput.Write(input);
            process._process.StandardInput.Close();
            return process.Finish();
        }
    }

    static bool IsDeafTo(Interruption signal)
    {
        const string status = "/proc/self/status";
        return File.Exists(status) && File.ReadLines(status)
            .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal) || line.StartsWith("SigBlk:", StringComparison.Ordinal))
            .Any(line => (Convert.ToUInt64(line[7..].Trim(), 16) >> ((int)signal - 1) & 1) == 1);
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Send(int process, int signal);
}

/// <summary>Signals that ask a program to stop, by their numbers on Unix.</summary>
public enum Interruption
{
    HangUp = 1,
    Interrupt = 2,
    Terminate = 15,
}
