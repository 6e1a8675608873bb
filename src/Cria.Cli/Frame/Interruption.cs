using System.Runtime.InteropServices;

namespace Cria.Cli.Frame;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP (a closed terminal): the first asks the verb to save and stop, however long that takes; the
/// second ends the process at once.
/// </summary>
sealed class Interruption : IDisposable
{
    public const int ExitCode = 130;

    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle), // under nohup it stays ignored
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
            Environment.Exit(ExitCode);
        Output.Log("interrupted: saving and stopping; press Ctrl-C again to stop at once.");
        _source.Cancel();
    }
}
