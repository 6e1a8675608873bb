using System.Diagnostics;
using Cria.Data.Readers;
using Cria.Reports;
using Spectre.Console;

namespace Cria.Cli.Frame;

/// <summary>A bar on standard error while something long runs. Where standard error is not a terminal, bytes are told every
/// ten seconds in a line, for whoever looks into a log; of other work nothing is said.</summary>
static class ProgressBar
{
    const int RefreshMilliseconds = 200, LineMilliseconds = 10_000;

    /// <param name="title">What is done.</param>
    /// <param name="total">When it is finished, in the unit of <paramref name="done"/>.</param>
    /// <param name="done">How far it is; asked from another thread.</param>
    /// <param name="work">The work, on the caller's thread.</param>
    public static T While<T>(string title, double total, Func<double> done, Func<T> work) => Output.HasTerminal
        ? Beside(finished => Show(title, () => total, done, finished, [new PercentageColumn(), new RemainingTimeColumn()]), work)
        : work();

    /// <summary>The same for work in phases, each a bar of its own that begins when it does.</summary>
    /// <param name="phases">What is done, and how much of it, from 0 to 1; asked from another thread.</param>
    /// <param name="work">The work, on the caller's thread.</param>
    public static T While<T>(IReadOnlyList<(string Title, Func<double> Done)> phases, Func<T> work) => Output.HasTerminal
        ? Beside(finished => Show(phases, finished), work)
        : work();

    /// <summary>The same for bytes, with their number and rate; the total may still become known.</summary>
    public static T WhileBytes<T>(string title, Func<double> total, Func<double> done, Func<T> work) => Output.HasTerminal
        ? Beside(finished => Show(title, total, done, finished,
            [new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn()]), work)
        : Beside(finished => Tell(title, total, done, finished), work);

    /// <summary>The same for the bytes of files that are read, as they lie on the disk.</summary>
    public static T WhileReading<T>(string title, DocumentReader reader, Func<T> work) =>
        WhileBytes(title, () => reader.TotalBytes, () => reader.BytesRead, work);

    /// <summary>How far it is in words: bytes, bytes a second, and how long the rest takes at that rate.</summary>
    public static string Line(string title, double done, double total, TimeSpan elapsed)
    {
        double rate = done / Math.Max(elapsed.TotalSeconds, 1e-3);
        string line = $"{title}: {Human.Bytes(done)} of {Human.Bytes(total)}, {Human.Bytes(rate)}/s";
        return rate > 0 && total > done ? $"{line}, {Human.Duration(TimeSpan.FromSeconds((total - done) / rate))} left" : line;
    }

    static T Beside<T>(Action<ManualResetEventSlim> display, Func<T> work)
    {
        using ManualResetEventSlim finished = new();
        Thread thread = new(() => display(finished)) { IsBackground = true };
        thread.Start();
        try
        {
            return work();
        }
        finally
        {
            finished.Set();
            thread.Join();
        }
    }

    static void Tell(string title, Func<double> total, Func<double> done, ManualResetEventSlim finished)
    {
        long start = Stopwatch.GetTimestamp();
        while (!finished.Wait(LineMilliseconds))
            Output.Log(Line(title, done(), total(), Stopwatch.GetElapsedTime(start)));
    }

    static void Show(
        string title, Func<double> total, Func<double> done, ManualResetEventSlim finished, ProgressColumn[] columns) =>
        Show(finished, columns, context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total(), 1));
            return () => (task.MaxValue, task.Value) = (Math.Max(total(), 1), done());
        });

    static void Show(IReadOnlyList<(string Title, Func<double> Done)> phases, ManualResetEventSlim finished) =>
        Show(finished, [new PercentageColumn(), new RemainingTimeColumn()], context =>
        {
            ProgressTask[] tasks = [.. phases.Select(phase => context.AddTask(Markup.Escape(phase.Title), autoStart: false, maxValue: 1))];
            return () =>
            {
                foreach ((ProgressTask task, double done) in tasks.Zip(phases, (task, phase) => (task, phase.Done())))
                {
                    if (done > 0 && !task.IsStarted)
                        task.StartTask();
                    task.Value = done;
                }
            };
        });

    static void Show(ManualResetEventSlim finished, ProgressColumn[] columns, Func<ProgressContext, Action> begin)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns([new TaskDescriptionColumn(), new ProgressBarColumn(), .. columns])
            .Start(context =>
            {
                Action show = begin(context);
                while (!finished.Wait(RefreshMilliseconds))
                    show();
            });
    }
}
