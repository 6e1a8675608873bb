using Cria.Reports.Charts;
using Cria.Training;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>A step as curves need it: a run has up to millions of them.</summary>
/// <param name="Parts">What the loss was made of; null where it is the cross-entropy alone.</param>
/// <param name="Tokens">Since the beginning.</param>
/// <param name="Elapsed">Seconds of all steps up to this one, also of those that were rolled back.</param>
readonly record struct StepPoint(
    int Step, double Loss, LossParts? Parts, float LearningRate, float GradientNorm, float ClipFactor, double Tokens, double Elapsed,
    double TokensPerSecond);

/// <summary>The curves of a run, read from its metrics.jsonl, which may still be open for writing.</summary>
sealed class MetricsFile
{
    readonly List<StepPoint> _steps = [];
    readonly List<EvaluationMetrics> _evaluations = [];
    readonly List<(int Step, IReadOnlyList<GroupNorms> Groups)> _norms = [];
    readonly List<RecordedEvent> _events = [];
    readonly List<TextSample> _samples = [];
    readonly List<SessionFacts> _sessions = [];
    double _tokensBefore;

    public IReadOnlyList<StepPoint> Steps => _steps;

    public IReadOnlyList<EvaluationMetrics> Evaluations => _evaluations;

    /// <summary>By the steps in which they were taken.</summary>
    public IReadOnlyList<(int Step, IReadOnlyList<GroupNorms> Groups)> Norms => _norms;

    public IReadOnlyList<RecordedEvent> Events => _events;

    public IReadOnlyList<TextSample> Samples => _samples;

    /// <summary>Every process that trained the run.</summary>
    public IReadOnlyList<SessionFacts> Sessions => _sessions;

    /// <summary>The newest session; empty facts in files of earlier versions.</summary>
    public SessionFacts Session => _sessions is [.., var newest] ? newest : new();

    /// <summary>Sums over all steps.</summary>
    public PhaseSeconds Phases { get; } = new();

    /// <summary>The largest that the process was seen to have resident, in bytes; 0 where nobody asked.</summary>
    public long PeakMemory { get; private set; }

    /// <summary>Of all steps.</summary>
    public double Seconds { get; private set; }

    public double Tokens => _steps is [.., var last] ? last.Tokens : 0;

    /// <summary>Steps without an update.</summary>
    public int Skipped => _steps.Count(step => !float.IsFinite(step.GradientNorm));

    public IReadOnlyList<DataPoint> Loss => Points(step => step.Loss);

    /// <summary>Whether the loss had a teachers' part.</summary>
    public bool HasTeachers => _steps.Exists(step => step.Parts is not null);

    public IReadOnlyList<DataPoint> LearningRate => Points(step => step.LearningRate);

    /// <summary>Of the weights in training.</summary>
    public IReadOnlyList<DataPoint> Validation => ValidationOf("");

    /// <summary>The names of other weights that were evaluated.</summary>
    public IReadOnlyList<string> OtherWeights => [.. _evaluations.Select(held => held.Weights).Where(name => name.Length > 0).Distinct()];

    /// <summary>Reads the file up to a step; a last line that was torn while it was written is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="last">What stands there of later steps is left out.</param>
    /// <exception cref="TrainingException">A line that others follow is damaged.</exception>
    public static MetricsFile Read(string path, int last = int.MaxValue)
    {
        var metrics = new MetricsFile();
        foreach (var line in MetricsReader.Lines(path).TakeWhile(line => line.Step <= last))
            metrics.Add(line);
        return metrics;
    }

    /// <summary>A curve over the steps; what is not a finite number is left out.</summary>
    public IReadOnlyList<DataPoint> Points(Func<StepPoint, double> value) =>
        [.. _steps.Select(step => new DataPoint(step.Step, value(step))).Where(point => double.IsFinite(point.Y))];

    public IReadOnlyList<DataPoint> ValidationOf(string weights) => ValidationOf(weights, held => held.Loss);

    /// <summary>A curve over the evaluations of some weights; what is not a finite number is left out.</summary>
    public IReadOnlyList<DataPoint> ValidationOf(string weights, Func<EvaluationMetrics, double> value) =>
        [.. _evaluations
            .Where(held => held.Weights == weights && double.IsFinite(value(held)))
            .Select(held => new DataPoint(held.Step, value(held)))];

    void Add(MetricsLine line)
    {
        switch (line)
        {
            case StepLine step:
                Add(step.Metrics);
                break;
            case EvaluationLine held:
                _evaluations.Add(held.Metrics);
                PeakMemory = Math.Max(PeakMemory, held.Memory);
                break;
            case EventLine happened:
                if (happened.Event.Name == "rolled_back" && happened.Event.Figure("to") is var to and >= 0)
                    RollBack((int)to);
                _events.Add(happened.Event);
                break;
            case SampleLine sample:
                _samples.Add(sample.Sample);
                break;
            case SessionLine session:
                _sessions.Add(session.Session);
                break;
        }
    }

    void Add(StepMetrics step)
    {
        Seconds += step.Seconds;
        double tokens = step.Tokens - _tokensBefore;
        bool isWhole = _steps.Count > 0 || step.Step == 1;
        _tokensBefore = step.Tokens;
        _steps.Add(new(step.Step, step.Loss, step.Parts, step.LearningRate, step.GradientNorm, step.ClipFactor, step.Tokens, Seconds,
            isWhole && step.Seconds > 0 ? tokens / step.Seconds : double.NaN));
        Phases.Add(step);
        if (step.Norms.Count > 0)
            _norms.Add((step.Step, step.Norms));
    }

    // What came of the steps that were taken back is no part of the run; the time they took is.
    void RollBack(int to)
    {
        _steps.RemoveAll(step => step.Step > to);
        _evaluations.RemoveAll(held => held.Step > to);
        _norms.RemoveAll(norms => norms.Step > to);
        _samples.RemoveAll(sample => sample.Step > to);
        _tokensBefore = _steps is [.., var last] ? last.Tokens : 0;
    }
}

/// <summary>Where the time of a run went, in seconds.</summary>
sealed class PhaseSeconds
{
    readonly double[] _seconds = new double[6];

    public static IReadOnlyList<string> Names { get; } =
        ["forward and backward", "optimizer", "reading data", "evaluation", "checkpoints", "loop, norms, metrics and samples"];

    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>Whether anybody took the times.</summary>
    public bool Exist => _seconds[0] > 0;

    public void Add(StepMetrics step)
    {
        var phases = step.Phases;
        double inside = phases.Pass + phases.Optimizer + phases.Data;
        ReadOnlySpan<double> seconds =
            [phases.Pass, phases.Optimizer, phases.Data, phases.Evaluation, phases.Checkpoint,
                inside > 0 ? Math.Max(0, step.Seconds - inside) + phases.Observers : 0];
        for (int i = 0; i < seconds.Length; i++)
            _seconds[i] += seconds[i];
    }
}
