using Cria.Data;
using Cria.Data.Sampling;
using Cria.Engine.Tensors;
using Cria.Evaluation.Scoring;
using Cria.Training;

namespace Cria.Cli.Results;

/// <summary>
/// validation.safetensors: the loss of every chunk of the validation text, in order, so that two runs can be compared on the same
/// tokens and not by their means alone. Three rows of numbers: <c>nats</c>, <c>tokens</c>, and <c>opens</c>, which is 1 where a
/// document begins.
/// </summary>
sealed record ChunkLosses(float[] Nats, float[] Tokens, float[] Opens)
{
    public const string FileName = "validation.safetensors";

    const string Hash = "validation_sha256";
    const int MaxChunks = 1 << 24;

    public double TotalNats => Sum(Nats);

    public long TotalTokens => (long)Sum(Tokens);

    /// <summary>Scores a validation set in the chunks that training evaluates it in.</summary>
    /// <param name="maxLength">The most targets of a chunk.</param>
    /// <returns>The losses, and their sum before it was rounded chunk by chunk.</returns>
    public static (ChunkLosses Losses, double Nats) Measure(IScorer scorer, ITokenStream stream, int maxLength)
    {
        DocumentChunk[] chunks = [.. new DocumentChunks(stream, maxLength)];
        double[] nats = new double[chunks.Length];
        const int together = 256; // as many sequences as are read at once
        for (int first = 0; first < chunks.Length; first += together)
        {
            var part = chunks.AsSpan(first, Math.Min(together, chunks.Length - first));
            int[][] windows = new int[part.Length][];
            for (int i = 0; i < part.Length; i++)
                stream.Read(part[i].Start, windows[i] = new int[part[i].Length + 1]);
            scorer.Score(windows, nats.AsSpan(first, part.Length));
        }
        ChunkLosses losses = new(
            [.. nats.Select(value => (float)value)],
            [.. chunks.Select(chunk => (float)chunk.Length)],
            [.. chunks.Select(chunk => chunk.OpensDocument ? 1f : 0f)]);
        return (losses, nats.Sum());
    }

    /// <param name="folder">The run's.</param>
    /// <param name="validationHash">Of the validation set.</param>
    /// <returns>The file's sha256, which result.json names.</returns>
    public string Write(string folder, string validationHash)
    {
        string path = Path.Combine(folder, FileName), temporary = path + ".tmp";
        try
        {
            File.Delete(temporary);
            var shape = new Shape(Nats.Length);
            using (var file = new SafetensorsWriter(temporary, [("nats", shape), ("tokens", shape), ("opens", shape)], DType.F32,
                new Dictionary<string, string> { [Hash] = validationHash }))
            {
                file.Append(Nats);
                file.Append(Tokens);
                file.Append(Opens);
                file.Complete();
            }
            string hash = Sha256.OfFile(temporary);
            File.Move(temporary, path, overwrite: true);
            return hash;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Reads what belongs to a result.</summary>
    /// <exception cref="TrainingException">The file is missing, or it is not the one that the result names.</exception>
    public static ChunkLosses Read(string folder, ValidationFigures figures)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new TrainingException($"{path} does not exist; it belongs to the result beside it: restore it, or run again.");
        if (Sha256.OfFile(path) != figures.LossesHash)
            throw new TrainingException($"{path} is not the file that {ResultFile.Name} names: its sha256 differs; restore it, or run again.");
        using var file = new SafetensorsReader(path);
        ChunkLosses losses = new(Row("nats"), Row("tokens"), Row("opens"));
        if (losses.Nats.Length != losses.Tokens.Length || losses.Nats.Length != losses.Opens.Length || losses.TotalTokens != figures.Tokens)
            throw new TrainingException($"{path} counts {losses.TotalTokens:N0} tokens, and {ResultFile.Name} {figures.Tokens:N0}; run again.");
        return losses;

        float[] Row(string name)
        {
            var entry = file.Find(name);
            if (entry.Length is < 1 or > MaxChunks)
                throw new TrainingException($"{path} has {entry.Length:N0} chunks; expected from 1 to {MaxChunks:N0}.");
            float[] row = new float[entry.Length];
            file.Read(entry, row);
            return row;
        }
    }

    static double Sum(float[] numbers)
    {
        double sum = 0;
        foreach (float number in numbers)
            sum += number;
        return sum;
    }
}
