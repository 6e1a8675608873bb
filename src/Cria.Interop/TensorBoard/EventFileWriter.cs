using System.Globalization;

namespace Cria.Interop.TensorBoard;

/// <summary>
/// A TensorBoard event file: scalars and texts over steps. What is written is on its way to the disk after
/// <see cref="Flush"/>; a reader passes over a last record that is not whole.
/// </summary>
/// <remarks>
/// The messages are TensorFlow's Event, Summary and TensorProto, of which a handful of fields are needed; their numbers
/// stand beside their names here.
/// </remarks>
public sealed class EventFileWriter : IDisposable
{
    /// <summary>By which others know such files.</summary>
    public const string Prefix = "events.out.tfevents.";

    const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SessionLog = 7; // Event
    const int Value = 1; // Summary
    const int Tag = 1, SimpleValue = 2, Tensor = 8, Metadata = 9; // Summary.Value
    const int PluginData = 1, PluginName = 1; // SummaryMetadata, its PluginData
    const int DataType = 1, TensorShape = 2, StringValue = 8; // TensorProto
    const int Dimension = 2, Size = 1; // TensorShapeProto, its Dim
    const int Status = 1; // SessionLog
    const long StringType = 7, StartStatus = 1;

    readonly BufferedStream _stream;

    /// <param name="path">A file that is not there yet.</param>
    /// <param name="wallTime">Seconds since 1970, UTC.</param>
    public EventFileWriter(string path, double wallTime)
    {
        _stream = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete), 1 << 16);
        Write(Event(wallTime, 0).Text(FileVersion, "brain.Event:2"));
    }

    /// <summary>The name of a file that begins now, which TensorBoard orders by its time.</summary>
    public static string NameFor(double wallTime) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(long)wallTime:D10}.cria");

    /// <summary>Several curves' points at one step. What is not finite is written as it is, and TensorBoard marks it.</summary>
    public void Scalars(double wallTime, long step, IReadOnlyList<(string Tag, double Value)> scalars)
    {
        if (scalars.Count == 0)
            return;
        var summary = new ProtobufMessage();
        foreach (var (tag, value) in scalars)
            summary.Message(Value, new ProtobufMessage().Text(Tag, tag).Float(SimpleValue, (float)value));
        Write(Event(wallTime, step).Message(Summary, summary));
    }

    /// <summary>A text, which TensorBoard shows as Markdown.</summary>
    public void Text(double wallTime, long step, string tag, string text)
    {
        var plugin = new ProtobufMessage().Message(PluginData, new ProtobufMessage().Text(PluginName, "text"));
        var shape = new ProtobufMessage().Message(Dimension, new ProtobufMessage().Integer(Size, 1));
        var tensor = new ProtobufMessage().Integer(DataType, StringType).Message(TensorShape, shape).Text(StringValue, text);
        var value = new ProtobufMessage().Text(Tag, tag).Message(Tensor, tensor).Message(Metadata, plugin);
        Write(Event(wallTime, step).Message(Summary, new ProtobufMessage().Message(Value, value)));
    }

    /// <summary>From here on the run goes on with this step: TensorBoard forgets what it read of it and of later ones.</summary>
    public void Restart(double wallTime, long step) =>
        Write(Event(wallTime, step).Message(SessionLog, new ProtobufMessage().Integer(Status, StartStatus)));

    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    static ProtobufMessage Event(double wallTime, long step) => new ProtobufMessage().Double(WallTime, wallTime).Integer(Step, step);

    void Write(ProtobufMessage message) => RecordFraming.Write(_stream, message.Written);
}
