using Cria.Data.Predictions;

namespace Cria.Data.Tests.Predictions;

/// <summary>Predictions that are a function of their place, and files of them.</summary>
static class Asked
{
    public static PredictionHeader Header(
        TokenChoice choice, int vocabulary = 50, int length = 6, long windows = 9, bool isHalf = false) => new()
        {
            DataSha256 = new string('d', 64),
            TokenizerSha256 = new string('7', 64),
            VocabSize = vocabulary,
            SequenceLength = length,
            Windows = windows,
            DocumentMasks = true,
            Temperature = 2,
            Average = "logits",
            Teachers = [new("one", new string('1', 64), 1), new("two", new string('2', 64), 0.5)],
            Choice = choice,
            IsHalf = isHalf,
        };

    /// <summary>(rows, V), a window's after another's.</summary>
    public static float[] Probabilities(PredictionHeader header, long window, int windows = 1)
    {
        var all = new float[windows * header.SequenceLength * header.VocabSize];
        for (int row = 0; row < windows * header.SequenceLength; row++)
        {
            Span<float> one = all.AsSpan(row * header.VocabSize, header.VocabSize);
            int place = (int)(window * header.SequenceLength) + row;
            Random random = new(place);
            for (int id = 0; id < one.Length; id++)
                one[id] = (float)Math.Exp(4 * random.NextDouble() * random.NextDouble() * (place % 3));
            float sum = 0;
            foreach (float x in one)
                sum += x;
            foreach (ref float x in one)
                x /= sum;
        }
        return all;
    }

    public static void Add(PredictionWriter writer, PredictionHeader header, long until, int atOnce = 2, int threads = 2)
    {
        while (writer.Windows < until)
        {
            int windows = (int)Math.Min(atOnce, until - writer.Windows);
            writer.Add(Probabilities(header, writer.Windows, windows), threads);
        }
    }

    public static byte[] File(string path, PredictionHeader header, int atOnce = 2, int threads = 2)
    {
        using (PredictionWriter writer = new(path, header))
        {
            Add(writer, header, header.Windows, atOnce, threads);
            writer.Complete();
        }
        return System.IO.File.ReadAllBytes(path);
    }
}
