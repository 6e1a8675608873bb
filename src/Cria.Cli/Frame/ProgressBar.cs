using Spectre.Console;

namespace Cria.Cli.Frame;

/// <summary>A bar on standard error while something long runs; nothing where standard error is not a terminal.</summary>
static class ProgressBar
{
    const int RefreshMilliseconds = 200;

    /// <param name="title">What is done.</param>
    /// <param name="total">When it is finished, in the unit of <paramref name="done"/>.</param>
    /// <param name="done">How far it is; asked from another thread.</param>
    /// <param name="work">The work, on the caller's thread.</param>
    public static T While<T>(string title, double total, Func<double> done, Func<T> work) =>
        While(title, () => total, done, work, [new PercentageColumn(), new RemainingTimeColumn()]);

    /// <summary>The same for bytes, with their number and rate; the total may still become known.</summary>
    public static T WhileBytes<T>(string title, Func<double> total, Func<double> done, Func<T> work) =>
        While(title, total, done, work, [new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn()]);

    static T While<T>(string title, Func<double> total, Func<double> done, Func<T> work, ProgressColumn[] columns)
    {
        if (!Output.HasTerminal)
            return work();

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        using ManualResetEventSlim finished = new();
        Thread display = new(() => Show(console, title, total, done, finished, columns)) { IsBackground = true };
        display.Start();
        try
        {
            return work();
        }
        finally
        {
            finished.Set();
            display.Join();
        }
    }

    static void Show(
        IAnsiConsole console, string title, Func<double> total, Func<double> done, ManualResetEventSlim finished,
        ProgressColumn[] columns) =>
        console.Progress()
            .AutoClear(true)
            .Columns([new TaskDescriptionColumn(), new ProgressBarColumn(), .. columns])
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total(), 1));
                while (!finished.Wait(RefreshMilliseconds))
                    (task.MaxValue, task.Value) = (Math.Max(total(), 1), done());
            });
}
