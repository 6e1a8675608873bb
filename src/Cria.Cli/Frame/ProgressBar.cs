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
    public static T While<T>(string title, double total, Func<double> done, Func<T> work)
    {
        if (!Output.HasTerminal)
            return work();

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        using ManualResetEventSlim finished = new();
        Thread display = new(() => Show(console, title, total, done, finished)) { IsBackground = true };
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

    static void Show(IAnsiConsole console, string title, double total, Func<double> done, ManualResetEventSlim finished) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
                while (!finished.Wait(RefreshMilliseconds))
                    task.Value = done();
            });
}
