using System.Globalization;
using System.Text;

namespace Cria.Training;

/// <summary>
/// metrics.jsonl: one JSON object a line, every line on its way to the disk when the call returns. A resumed run cuts it
/// to the length its checkpoint recorded, so that no step stands there twice.
/// </summary>
public sealed class MetricsLog : IObserver, IDisposable
{
    readonly FileStream _file;

    /// <param name="path">The file, made if it is not there.</param>
    /// <param name="length">How much of it to keep.</param>
    public MetricsLog(string path, long length)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (_file.Length < length)
        {
            long found = _file.Length;
            _file.Dispose();
            throw new TrainingException($"{path} has {found:N0} bytes and the checkpoint was written after {length:N0}; it was cut by something else.");
        }
        _file.SetLength(length);
        _file.Position = length;
    }

    /// <summary>Bytes written so far: what a checkpoint records.</summary>
    public long Length => _file.Length;

    /// <summary>Returns when all lines so far outlive a loss of power, as the checkpoint that counts on them does.</summary>
    public void Keep() => _file.Flush(flushToDisk: true);

    public void Stepped(StepMetrics metrics) => Write(string.Create(CultureInfo.InvariantCulture,
        $$"""{"step":{{metrics.Step}},"loss":{{Number(metrics.Loss)}},"learning_rate":{{Number(metrics.LearningRate)}},"gradient_norm":{{Number(metrics.GradientNorm)}},"tokens":{{metrics.Tokens}},"seconds":{{metrics.Seconds:F4}}}"""));

    public void Evaluated(EvaluationMetrics metrics) => Write(string.Create(CultureInfo.InvariantCulture,
        $$"""{"step":{{metrics.Step}},"validation_loss":{{Number(metrics.Loss)}},"validation_tokens":{{metrics.Tokens}}{{(metrics.Bytes > 0 ? $",\"bits_per_byte\":{Number(metrics.BitsPerByte)}" : "")}}}"""));

    public void Saved(string folder, int step)
    {
    }

    public void Dispose() => _file.Dispose();

    // JSON has no NaN or infinity.
    static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null";

    static string Number(float value) => float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null";

    void Write(string line)
    {
        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush();
    }
}
