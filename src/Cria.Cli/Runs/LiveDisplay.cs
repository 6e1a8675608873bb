using System.Diagnostics;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Reports;
using Cria.Training;

namespace Cria.Cli.Runs;

/// <summary>
/// What a person sees while a run trains: one line that is drawn over itself on a terminal, a line now and then elsewhere.
/// </summary>
/// <param name="steps">The planned steps.</param>
/// <param name="flopsPerToken">As counted by the model.</param>
/// <param name="peakGflops">The machine's best matmul rate, measured before.</param>
sealed class LiveDisplay(int steps, double flopsPerToken, double peakGflops) : IObserver
{
    const int BarWidth = 24;

    readonly long _began = Stopwatch.GetTimestamp();
    double _loss = double.NaN, _tokensPerSecond = double.NaN, _validation = double.NaN, _shown;
    int _firstStep = -1;
    long _tokensBefore;

    public void Stepped(StepMetrics metrics)
    {
        long tokens = metrics.Tokens - _tokensBefore;
        double rate = tokens / metrics.Seconds;
        if (_firstStep < 0)
            (_firstStep, _loss, rate) = (metrics.Step - 1, metrics.Loss, metrics.Tokens / (double)metrics.Step / metrics.Seconds);
        _tokensBefore = metrics.Tokens;
        _loss += 0.05 * (metrics.Loss - _loss);
        _tokensPerSecond = double.IsNaN(_tokensPerSecond) ? rate : _tokensPerSecond + 0.1 * (rate - _tokensPerSecond);
        double now = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        bool last = metrics.Step == steps;
        if (now - _shown < (Output.HasTerminal ? 0.1 : 10) && !last)
            return;
        _shown = now;
        string line = Line(metrics.Step, now);
        if (Output.HasTerminal)
            Console.Error.Write($"\r{line}\e[K{(last ? "\n" : "")}");
        else
            Output.Log(line);
    }

    public void Evaluated(EvaluationMetrics metrics) => _validation = metrics.Loss;

    public void Saved(string folder, int step)
    {
    }

    string Line(int step, double seconds)
    {
        double done = (double)step / steps, pace = seconds / Math.Max(1, step - _firstStep);
        int filled = (int)(BarWidth * done);
        string bar = new string('█', filled) + new string('░', BarWidth - filled);
        string validation = double.IsNaN(_validation) ? "" : string.Create(CultureInfo.InvariantCulture, $"  valid {_validation:F3}");
        double share = _tokensPerSecond * flopsPerToken / 1e9 / peakGflops;
        return string.Create(CultureInfo.InvariantCulture,
            $"{bar} {step:N0}/{steps:N0}  loss {_loss:F3}{validation}  {Human.Count(_tokensPerSecond)} tokens/s  {share:P0} of peak  {Human.Duration(TimeSpan.FromSeconds((steps - step) * pace))} left");
    }
}
