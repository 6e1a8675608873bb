using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cria.Engine.Tensors;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;

namespace Cria.Training;

/// <summary>
/// metrics.jsonl: one JSON object a line, every line on its way to the disk when the call returns. A resumed run cuts it
/// to the length its checkpoint recorded, so that no step stands there twice, before it writes the first line: one that is
/// refused leaves it as it is. Its fields are in docs/seeing.md.
/// </summary>
/// <remarks>
/// Every line has a step, and either a loss or a validation_loss. A line that is neither step nor validation has a
/// validation_loss of null: readers that know only these two kinds pass over it.
/// </remarks>
public sealed class MetricsLog : IObserver, IDisposable
{
    const int MostBehind = 1 << 26;

    readonly string _path;
    readonly FileStream _file;
    readonly ArrayBufferWriter<byte> _lines = new(1 << 10); // that of now, and those a full disk did not take
    long _written;
    IOException? _fault;
    bool _isCut;
    readonly Utf8JsonWriter _json;

    /// <param name="path">The file, made if it is not there.</param>
    /// <param name="length">How much of it to keep; of a file that something else has cut, its whole lines.</param>
    public MetricsLog(string path, long length)
    {
        _json = new(_lines, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _path = path;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        long kept = _file.Length < length ? EndOfLastLine() : length;
        Missing = length - kept;
        _written = kept;
    }

    /// <summary>Bytes that should have been kept and are not there: what the curves will lack. Training needs none of them.</summary>
    public long Missing { get; }

    /// <summary>Bytes so far, with the lines that a full disk has not taken yet: what a checkpoint records.</summary>
    public long Length => _written + _lines.WrittenCount;

    /// <summary>Takes away what is not kept: for whoever reads the file before the first line is written.</summary>
    public void Cut()
    {
        if (!_isCut)
            _file.SetLength(_written);
        _isCut = true;
    }

    /// <summary>Returns when so many bytes outlive a loss of power, as a checkpoint that counts on them does. Any thread may ask.</summary>
    /// <exception cref="CheckpointException">The disk has not taken so many.</exception>
    public void Keep(long length)
    {
        if (Interlocked.Read(ref _written) < length)
            throw DurableFolder.Failure(_path, _fault!);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    public void Started(SessionFacts session)
    {
        BeginOther(session.Step, session.Step == 0 ? "started" : "resumed");
        _json.WritePropertyName("session");
        SessionJson.Write(_json, session);
        End();
    }

    public void Stepped(StepMetrics metrics)
    {
        Begin(metrics.Step);
        Number("loss", metrics.Loss);
        if (metrics.Parts is { } parts)
        {
            Number("cross_entropy", parts.CrossEntropy);
            Number("divergence", parts.Divergence);
        }
        Number("learning_rate", metrics.LearningRate);
        Number("gradient_norm", metrics.GradientNorm);
        _json.WriteNumber("tokens", metrics.Tokens);
        Seconds("seconds", metrics.Seconds);
        Number("clip_factor", metrics.ClipFactor);
        if (float.IsFinite(metrics.WinRate))
            Number("win_rate", metrics.WinRate);
        _json.WriteStartObject("phases");
        Seconds("data", metrics.Phases.Data);
        Seconds("pass", metrics.Phases.Pass);
        Seconds("optimizer", metrics.Phases.Optimizer);
        Seconds("norms", metrics.Phases.Norms);
        Seconds("observers", metrics.Phases.Observers);
        Seconds("evaluation", metrics.Phases.Evaluation);
        Seconds("checkpoint", metrics.Phases.Checkpoint);
        _json.WriteEndObject();
        if (metrics.Norms.Count > 0)
            Norms(metrics.Norms);
        End();
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        if (metrics.Weights.Length == 0)
        {
            Begin(metrics.Step);
            Number("validation_loss", metrics.Loss);
        }
        else
        {
            BeginOther(metrics.Step);
            _json.WriteString("weights", metrics.Weights);
            Number("weights_loss", metrics.Loss);
        }
        if (metrics.DistillationLoss is { } whole)
            Number("distillation_loss", whole);
        if (metrics.Divergence is { } divergence)
            Number("divergence", divergence);
        _json.WriteNumber("validation_tokens", metrics.Tokens);
        if (metrics.Bytes > 0)
            Number("bits_per_byte", metrics.BitsPerByte);
        _json.WriteNumber("memory", Environment.WorkingSet);
        End();
    }

    public void Saved(string folder, int step)
    {
    }

    public void Happened(TrainingEvent happening)
    {
        BeginOther(happening.Step, happening.Name);
        _json.WriteString("text", happening.Text);
        foreach (var (name, value) in happening.Figures)
            Number(name, value);
        End();
    }

    public void Sampled(TextSample sample)
    {
        BeginOther(sample.Step);
        _json.WriteStartObject("sample");
        _json.WriteString("prompt", sample.Prompt);
        _json.WriteString("text", sample.Text);
        _json.WriteEndObject();
        End();
    }

    public void Dispose()
    {
        if (_lines.WrittenCount > 0)
            Drain();
        _json.Dispose();
        _file.Dispose();
    }

    // A cut line would join the next one.
    long EndOfLastLine()
    {
        Span<byte> last = stackalloc byte[1];
        long end = _file.Length;
        while (end > 0 && (RandomAccess.Read(_file.SafeFileHandle, last, end - 1) == 0 || last[0] != '\n'))
            end--;
        return end;
    }

    void Norms(IReadOnlyList<GroupNorms> groups)
    {
        _json.WriteStartObject("norms");
        foreach (var group in groups)
        {
            _json.WriteStartArray(group.Name);
            Number((float)group.Weight);
            Number((float)group.Gradient);
            Number((float)group.Update);
            _json.WriteEndArray();
        }
        _json.WriteEndObject();
    }

    void Begin(int step)
    {
        _json.Reset(_lines);
        _json.WriteStartObject();
        _json.WriteNumber("step", step);
    }

    void BeginOther(int step, string? happening = null)
    {
        Begin(step);
        _json.WriteNull("validation_loss");
        if (happening is not null)
            _json.WriteString("event", happening);
    }

    void End()
    {
        Seconds("time", (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds);
        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
        Drain();
    }

    // Lines that a full disk does not take wait for the next: a week of training does not end for want of a line.
    void Drain()
    {
        try
        {
            Cut();
            RandomAccess.Write(_file.SafeFileHandle, _lines.WrittenSpan, _written);
        }
        catch (IOException e) when (_lines.WrittenCount < MostBehind)
        {
            _fault = e;
            return;
        }
        Interlocked.Add(ref _written, _lines.WrittenCount);
        _lines.ResetWrittenCount();
    }

    void Seconds(string name, double seconds) => _json.WriteNumber(name, Math.Round(seconds, 4));

    // JSON has no NaN or infinity; a float is written with a float's digits.
    void Number(string name, double value)
    {
        _json.WritePropertyName(name);
        if (double.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            _json.WriteNullValue();
    }

    void Number(string name, float value)
    {
        _json.WritePropertyName(name);
        Number(value);
    }

    void Number(float value)
    {
        if (float.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            _json.WriteNullValue();
    }
}
