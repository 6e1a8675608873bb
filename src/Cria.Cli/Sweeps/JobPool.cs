using Cria.Cli.Frame;
using Cria.Cli.Results;

namespace Cria.Cli.Sweeps;

/// <summary>Runs jobs side by side. A job that fails is told of and takes no other with it.</summary>
/// <param name="width">How many at once.</param>
/// <param name="threads">Of each.</param>
sealed class JobPool(int width, int threads)
{
    const int LookMilliseconds = 100;

    readonly List<(SweepJob Job, string Sentence)> _failed = [];

    /// <summary>What failed so far, each with its last sentence.</summary>
    public IReadOnlyList<(SweepJob Job, string Sentence)> Failed => _failed;

    /// <param name="jobs">Those that are not finished.</param>
    /// <param name="finished">Is told of each that came to its end.</param>
    /// <exception cref="OperationCanceledException">They were asked to stop, and have saved.</exception>
    public void Run(IReadOnlyList<SweepJob> jobs, Action<SweepJob> finished, SweepDisplay display, CancellationToken cancellation)
    {
        var waiting = new Queue<SweepJob>(jobs);
        var running = new List<JobProcess>();
        try
        {
            while ((waiting.Count > 0 || running.Count > 0) && !cancellation.IsCancellationRequested)
            {
                while (running.Count < width && waiting.TryDequeue(out var next))
                    running.Add(new(next, threads));
                cancellation.WaitHandle.WaitOne(LookMilliseconds);
                foreach (var ended in running.Where(process => process.HasEnded).ToList())
                {
                    running.Remove(ended);
                    Take(ended, finished);
                    ended.Dispose();
                }
                display.Show(running);
            }
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            foreach (var process in running)
                process.Stop();
            foreach (var process in running)
            {
                process.Wait();
                process.Dispose();
            }
        }
    }

    void Take(JobProcess ended, Action<SweepJob> finished)
    {
        if (ended.ExitCode == 0 && File.Exists(ended.Job.ResultPath))
        {
            finished(ended.Job);
            return;
        }
        string sentence = ended.ExitCode == Interruption.ExitCode ? "it was interrupted, and saved." : ended.LastSentence;
        _failed.Add((ended.Job, sentence));
        Output.Warn($"{ended.Job.Name} failed, and the others go on: {sentence} ({ended.Job.Folder}.log has all of it)");
    }
}
