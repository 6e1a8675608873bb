using System.CommandLine;

namespace Cria.Cli.Frame;

/// <summary>
/// For a program that starts this one: the verb saves and stops when standard input ends. Unlike a signal it reaches a process on every
/// system, exactly once, and also when who started it has died.
/// </summary>
static class StopWithInput
{
    public const string Name = "--stop-with-input";

    public static Option<bool> Option() => new(Name) { Description = "Save and stop when standard input ends.", Hidden = true };

    /// <summary>A token that is cancelled as the other one is, and when standard input ends.</summary>
    public static CancellationTokenSource Watch(bool isWanted, CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (isWanted)
            new Thread(() => Wait(source)) { IsBackground = true }.Start();
        return source;
    }

    static void Wait(CancellationTokenSource source)
    {
        using var input = Console.OpenStandardInput();
        byte[] ignored = new byte[64];
        while (input.Read(ignored) > 0)
        {
        }
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The verb was done before.
        }
    }
}
