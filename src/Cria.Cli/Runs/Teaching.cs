using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Data;
using Cria.Data.Predictions;
using Cria.Data.Sampling;
using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;
using Cria.Interop;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Reports;

namespace Cria.Cli.Runs;

/// <summary>Asks trained models what they say of every window of a text, and writes down what is to be kept of it. Stopped or killed, the
/// same call goes on.</summary>
sealed class Teaching : IDisposable
{
    /// <summary>Between lines for whoever looks into a log.</summary>
    const double LineSeconds = 10;

    readonly TeachOptions _options;
    readonly List<OpenedModel> _teachers = [];
    readonly ITokenStream? _stream;
    readonly IFixedWindows _reader = null!;
    readonly Action<string> _tell;

    /// <param name="tell">Hears what is being done, a line at a time.</param>
    /// <exception cref="CheckpointException">A teacher cannot be read, or has another tokenizer than the rest.</exception>
    /// <exception cref="DataException">The data cannot be read, or is of another tokenizer.</exception>
    /// <exception cref="ConfigException">A teacher's context is too short.</exception>
    public Teaching(TeachOptions options, Action<string> tell)
    {
        (_options, _tell) = (options, tell);
        try
        {
            foreach (string path in options.Teachers)
                _teachers.Add(new(path, _teachers.Count == 0 ? options.Threads : 1)); // the first one's kernels run them all
            foreach (var teacher in _teachers)
                Check(teacher);
            _stream = TokenStreams.Open(options.Data, _teachers[0].Tokenizer);
            SampleOptions windows = new()
            {
                Type = "windows",
                Shuffle = false,
                Subset = options.Subset,
                SubsetSeed = options.SubsetSeed,
                DocumentMasks = options.DocumentMasks,
            };
            _reader = (IFixedWindows)SampleReaders.Open(windows, _stream, options.SequenceLength, seed: 0);
            Header = new()
            {
                DataSha256 = _stream.ManifestHash,
                TokenizerSha256 = TokenizerOf(_stream),
                VocabSize = _teachers[0].Model.Config.VocabSize,
                SequenceLength = options.SequenceLength,
                Windows = _reader.SamplesPerEpoch,
                Subset = options.Subset,
                SubsetSeed = options.Subset == 0 ? 0 : options.SubsetSeed,
                DocumentMasks = options.DocumentMasks,
                Temperature = options.Temperature,
                Average = options.Mean.ToString().ToLowerInvariant(),
                Teachers = [.. _teachers.Select((teacher, i) =>
                    new PredictionTeacher(NameOf(options.Teachers[i]), Teachers.HashOf(teacher.Model), Weight(i)))],
                Choice = options.Choice,
                IsHalf = options.IsHalf,
            };
            if (Header.Fault() is { } fault)
                throw new DataException($"{options.Out} {fault}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PredictionHeader Header { get; }

    /// <summary>Asks and writes, up to the end or until cancelled.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; what is written stays.</exception>
    public TaughtFile Run(CancellationToken cancellation)
    {
        if (File.Exists(_options.Out))
            return Existing();
        Announce();
        using PredictionWriter writer = new(_options.Out, Header);
        long before = writer.Windows;
        if (before > 0)
            _tell($"going on after {before:N0} windows that were made before");
        double seconds = before < Header.Windows ? Ask(writer, cancellation) : 0;
        writer.Complete();
        using var file = PredictionFile.Open(_options.Out);
        return new(file.Header, file.Sha256, file.SizeInBytes, file.Most, Header.Windows - before, seconds);
    }

    public void Dispose()
    {
        (_stream as IDisposable)?.Dispose();
        foreach (var teacher in _teachers)
            teacher.Dispose();
    }

    double Ask(PredictionWriter writer, CancellationToken cancellation)
    {
        int length = _options.SequenceLength, vocabulary = Header.VocabSize;
        using TeacherPass pass = new(
            [.. _teachers.Select(teacher => teacher.Model)], [.. Header.Teachers.Select(teacher => teacher.Weight)], _options.Mean,
            _options.Temperature, length, Header.Windows - writer.Windows);
        int rows = pass.Windows * length;
        int[] ids = new int[rows], next = new int[rows], starts = new int[rows];
        float[] probabilities = new float[(long)rows * vocabulary];
        long began = Stopwatch.GetTimestamp(), from = writer.Windows, bytesBefore = writer.Bytes, done = from;
        AskNext();
        Tell(writer, from, bytesBefore, Seconds());
        ProgressBar.While("asking the teachers", Header.Windows, () => Volatile.Read(ref done), () =>
        {
            for (double told = Seconds(); writer.Windows < Header.Windows; AskNext())
            {
                if (Output.HasTerminal || Seconds() - told < LineSeconds)
                    continue;
                told = Seconds();
                Tell(writer, from, bytesBefore, told);
            }
            return true;
        });
        return Seconds();

        double Seconds() => Stopwatch.GetElapsedTime(began).TotalSeconds;

        void AskNext()
        {
            cancellation.ThrowIfCancellationRequested();
            int windows = (int)Math.Min(pass.Windows, Header.Windows - writer.Windows), tokens = windows * length;
            int segments = _reader.Read(writer.Windows, windows, ids.AsSpan(0, tokens), next.AsSpan(0, tokens), starts.AsSpan(0, tokens));
            pass.Run(_teachers[0].Kernels, ids.AsSpan(0, tokens), starts.AsSpan(0, segments), probabilities.AsSpan(0, tokens * vocabulary));
            writer.Add(probabilities.AsMemory(0, tokens * vocabulary), _options.Threads);
            Volatile.Write(ref done, writer.Windows);
        }
    }

    // Before the first window nobody knows how fast the teachers are; the file's size has a bound.
    void Announce()
    {
        string who = string.Join(" and ", _teachers.Select((teacher, i) => $"{Header.Teachers[i].Name} ({Human.Count(teacher.Model.Parameters.Count)} parameters)"));
        double most = Header.Rows * (5.0 + Header.Choice.Most * (2.5 + (Header.Choice is DrawnTokens ? 1 : 0) + (Header.IsHalf ? 2 : 4)));
        _tell($"asking {who} of {Human.Count(Header.Rows)} tokens in {Header.Windows:N0} windows of {Header.SequenceLength:N0}");
        _tell($"keeping {Header.Choice.Words}, of {Header.VocabSize:N0} tokens: {Human.Bytes(most)} at most");
    }

    void Tell(PredictionWriter writer, long from, long bytesBefore, double seconds)
    {
        long windows = writer.Windows - from, left = Header.Windows - writer.Windows;
        double tokensPerSecond = windows * (double)Header.SequenceLength / seconds;
        double bytesPerWindow = (writer.Bytes - bytesBefore) / (double)windows;
        _tell($"{writer.Windows:N0} of {Header.Windows:N0} windows, {Human.Count(tokensPerSecond)} tokens/s, " +
            $"{Human.Number(bytesPerWindow / Header.SequenceLength)} bytes a token: {Human.Bytes(writer.Bytes + bytesPerWindow * left)} in all, " +
            $"{Human.Duration(TimeSpan.FromSeconds(seconds / windows * left))} left");
    }

    TaughtFile Existing()
    {
        using var file = PredictionFile.Open(_options.Out);
        if (Header.DifferenceFrom(file.Header) is { } difference)
            throw new DataException($"{_options.Out} exists already, of {difference}, and is not overwritten; name another file.");
        return new(file.Header, file.Sha256, file.SizeInBytes, file.Most, 0, 0);
    }

    void Check(OpenedModel teacher)
    {
        var first = _teachers[0];
        if (TokenizerJson.TokenizerHash(teacher.Tokenizer) != TokenizerJson.TokenizerHash(first.Tokenizer))
            throw new CheckpointException($"{teacher.Path} and {first.Path} have different tokenizers: " +
                $"{TokenizerDifference.Of(teacher.Tokenizer, first.Tokenizer)}. A prediction is a number for each token, so theirs cannot be averaged; " +
                "teachers are of one tokenizer.");
        if (teacher.Model.Config.VocabSize != first.Model.Config.VocabSize)
            throw new ConfigException($"{teacher.Path} predicts {teacher.Model.Config.VocabSize:N0} tokens and {first.Path} {first.Model.Config.VocabSize:N0}; " +
                "teachers share one vocabulary.");
        int context = teacher.Model.Config.MaxPositionEmbeddings;
        if (context < _options.SequenceLength)
            throw new ConfigException($"the teacher {teacher.Path} has a context of {context:N0} tokens, and --sequence-length is " +
                $"{_options.SequenceLength:N0}; make that {context:N0} or less.");
    }

    // Shards are cut with what a model's own tokenizer becomes for training.
    string TokenizerOf(ITokenStream stream)
    {
        var tokenizer = _teachers[0].Tokenizer;
        string own = TokenizerJson.TokenizerHash(tokenizer);
        if (stream.TokenizerSha256 is not { } packed || packed == own)
            return own;
        string path = _teachers[0].Path;
        if (TokenizerFile.Find(path) is not null && TokenizerJson.TokenizerHash(TokenizerFile.Open(path).ToTrainWith()) == packed)
            return packed;
        throw new DataException($"{stream.Name} was packed with another tokenizer than that of {_teachers[0].Path}; pack the text with the teacher's: " +
            $"cria data pack --tokenizer {_teachers[0].Path}.");
    }

    double Weight(int i) => _options.Weights.Count == 0 ? 1 : _options.Weights[i];

    static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}

/// <summary>A file of predictions that was made, or was there.</summary>
/// <param name="Header">What it says of itself.</param>
/// <param name="Sha256">Stands for all of it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Most">The most tokens kept of a row.</param>
/// <param name="WindowsAsked">Of this call, not of those before it.</param>
/// <param name="Seconds">That asking took.</param>
sealed record TaughtFile(PredictionHeader Header, string Sha256, long Bytes, int Most, long WindowsAsked, double Seconds);
