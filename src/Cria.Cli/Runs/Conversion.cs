using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;

namespace Cria.Cli.Runs;

/// <summary>Carries a checkpoint from one format to another; what <c>import</c> and <c>export</c> share.</summary>
sealed record Conversion(ICheckpointFormat Format, string Out, WriteOptions Options)
{
    /// <summary>What the result has in place of the source's tokenizer, whether that has one or not; null keeps it.</summary>
    public GivenTokenizer? Tokenizer { get; init; }

    public ConversionResult Run(string path, CancellationToken cancellation)
    {
        if (Path.Exists(Out))
            throw new CheckpointException($"{Out} exists already and is not overwritten; choose another name with --out.");
        string source = OpenedModel.Resolve(path);
        long began = Stopwatch.GetTimestamp();
        using var checkpoint = CheckpointFormats.Open(source);
        string from = CheckpointFormats.Find(source)!.Name;
        Tokenizer?.Check(checkpoint.Config);
        using var model = Load(checkpoint, cancellation);
        double reading = Stopwatch.GetElapsedTime(began).TotalSeconds;
        began = Stopwatch.GetTimestamp();
        var contents = RunCard.AddTo(Contents(checkpoint), source);
        Write(model, contents, cancellation);
        double writing = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new(path, from, Out, Format.Name, Options.Type ?? Format.Types[0], model.Parameters.Count,
            checkpoint.WeightBytes, BytesOf(Out), reading, writing);
    }

    CheckpointContents Contents(Checkpoint checkpoint) =>
        Tokenizer is { } given ? checkpoint.Contents.With(given.Tokenizer, given.Files) : checkpoint.Contents;

    static ILanguageModel Load(Checkpoint checkpoint, CancellationToken cancellation)
    {
        long done = 0;
        return ProgressBar.While("reading", checkpoint.WeightNumbers, () => Volatile.Read(ref done), () =>
            checkpoint.Model(CpuDevice.Instance, loaded: count => Volatile.Write(ref done, count), cancellation: cancellation));
    }

    void Write(ILanguageModel model, CheckpointContents contents, CancellationToken cancellation)
    {
        long done = 0;
        var options = Options with { Written = count => Volatile.Write(ref done, count), Cancellation = cancellation };
        ProgressBar.While("writing", model.Parameters.Count, () => Volatile.Read(ref done), () =>
        {
            CheckpointFormats.Write(Format, Out, model, contents, options);
            return 0;
        });
    }

    static long BytesOf(string path) => File.Exists(path)
        ? new FileInfo(path).Length
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
}

/// <summary>What was converted; <c>--json</c> prints it.</summary>
sealed record ConversionResult(
    string Source,
    string SourceFormat,
    string Out,
    string Format,
    string Dtype,
    long Parameters,
    long SourceBytes,
    long Bytes,
    double ReadingSeconds,
    double WritingSeconds);
