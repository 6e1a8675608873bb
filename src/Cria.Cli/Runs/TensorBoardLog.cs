using System.Globalization;
using Cria.Interop.TensorBoard;
using Cria.Training;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>
/// The event file of a run, for TensorBoard: made anew from metrics.jsonl whenever a process begins or continues the run,
/// then written along with it, so that no step stands there twice and none is missing.
/// </summary>
sealed class TensorBoardLog : IObserver, IDisposable
{
    const double FlushSeconds = 5;

    readonly EventFileWriter _writer;
    readonly List<(string Tag, double Value)> _scalars = [];
    Func<double> _now = Now;
    SessionFacts _session = new();
    double _flushed;
    long _tokensBefore;
    int _sampledAt = -1, _sample;

    TensorBoardLog(EventFileWriter writer) => _writer = writer;

    /// <summary>The file of a run's folder with all that its metrics say; it stays open for what follows.</summary>
    public static TensorBoardLog Rebuild(string folder, string recipe, string metrics)
    {
        string[] older = Files(folder);
        var lines = File.Exists(metrics) ? MetricsReader.Lines(metrics) : [];
        // Named by the time of the first line, as if it had been written along: but never over an older file.
        double began = lines.Select(line => line.Time).FirstOrDefault(time => time > 0);
        began = began > 0 ? began : Now();
        string path = Path.Combine(folder, EventFileWriter.NameFor(began));
        string temporary = path + ".tmp";
        File.Delete(temporary); // what a kill left
        var log = new TensorBoardLog(new(temporary, began));
        try
        {
            log._writer.Text(began, 0, "recipe", Code(recipe));
            log.Replay(lines, began);
            log._writer.Flush();
            File.Move(temporary, path, overwrite: true);
            foreach (string file in older)
                if (file != path)
                    File.Delete(file);
            return log;
        }
        catch
        {
            log.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>The event files of ours in a run's folder.</summary>
    public static string[] Files(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, EventFileWriter.Prefix + "*.cria") : [];

    public void Started(SessionFacts session)
    {
        _session = session;
        if (session.Step > 0)
            _writer.Restart(_now(), session.Step + 1);
        _writer.Text(_now(), session.Step, "session", Code(string.Join('\n', SessionText.Lines(session).Select(fact => $"{fact.Name}: {fact.Value}"))));
    }

    public void Stepped(StepMetrics metrics)
    {
        _scalars.Clear();
        Add("train/loss", metrics.Loss);
        if (metrics.Parts is { } parts)
        {
            Add("train/cross_entropy", parts.CrossEntropy);
            Add("train/divergence", parts.Divergence);
        }
        Add("optim/learning_rate", metrics.LearningRate);
        Add("optim/gradient_norm", metrics.GradientNorm);
        if (!float.IsNaN(metrics.ClipFactor))
            Add("optim/clip_factor", metrics.ClipFactor);
        if (!float.IsNaN(metrics.WinRate))
            Add("optim/win_rate", metrics.WinRate);
        double rate = (metrics.Tokens - _tokensBefore) / metrics.Seconds;
        if (_tokensBefore > 0 || metrics.Step == 1)
        {
            Add("speed/tokens_per_second", rate);
            if (double.IsFinite(_session.ShareOfPeak(rate)))
                Add("speed/share_of_peak", _session.ShareOfPeak(rate));
        }
        _tokensBefore = metrics.Tokens;
        foreach (var group in metrics.Norms)
        {
            Add($"norms_weight/{group.Name}", group.Weight);
            Add($"norms_gradient/{group.Name}", group.Gradient);
            Add($"norms_relative_update/{group.Name}", group.RelativeUpdate);
        }
        Write(metrics.Step);
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        _scalars.Clear();
        string prefix = metrics.Weights.Length == 0 ? "validation" : $"validation_{metrics.Weights}";
        Add($"{prefix}/loss", metrics.Loss);
        if (metrics.DistillationLoss is { } whole)
            Add($"{prefix}/distillation_loss", whole);
        if (metrics.Divergence is { } divergence)
            Add($"{prefix}/divergence", divergence);
        if (metrics.Bytes > 0)
            Add($"{prefix}/bits_per_byte", metrics.BitsPerByte);
        Write(metrics.Step);
    }

    // What is older than a checkpoint is safe in metrics.jsonl; this only keeps TensorBoard's picture fresh.
    public void Saved(string folder, int step) => _writer.Flush();

    public void Happened(TrainingEvent happening)
    {
        if (happening.Figures.FirstOrDefault(figure => figure.Name == "to") is { Name: not null, Value: var to } && happening.Name == "rolled_back")
            _writer.Restart(_now(), (long)to + 1);
        _writer.Text(_now(), happening.Step, $"event/{happening.Name}", happening.Text);
    }

    public void Sampled(TextSample sample)
    {
        // Each prompt has a tag of its own: of one tag only one text a step is shown.
        _sample = sample.Step == _sampledAt ? _sample + 1 : 1;
        _sampledAt = sample.Step;
        _writer.Text(_now(), sample.Step, string.Create(CultureInfo.InvariantCulture, $"sample/{_sample}"), $"**{sample.Prompt}**{sample.Text}");
    }

    public void Dispose() => _writer.Dispose();

    // Lines of earlier versions have no time: the steps' own seconds stand in for it.
    void Replay(IEnumerable<MetricsLine> lines, double began)
    {
        double time = began;
        _now = () => time;
        foreach (var line in lines)
        {
            time = line.Time > 0 ? line.Time : line is StepLine step ? time + step.Metrics.Seconds : time;
            line.TellTo(this);
        }
        _now = Now;
    }

    void Add(string tag, double value) => _scalars.Add((tag, value));

    void Write(int step)
    {
        double now = _now();
        _writer.Scalars(now, step, _scalars);
        if (now - _flushed < FlushSeconds)
            return;
        _flushed = now;
        _writer.Flush();
    }

    static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    // Markdown leaves what is indented by four as it is.
    static string Code(string text) => string.Join('\n', text.TrimEnd().Split('\n').Select(line => "    " + line));
}
