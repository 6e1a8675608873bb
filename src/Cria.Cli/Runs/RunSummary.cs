using System.Globalization;
using System.Text;
using Cria.Cli.Results;
using Cria.Reports;

namespace Cria.Cli.Runs;

/// <summary>A finished run in a screenful of words, or as the document of <c>--json</c>.</summary>
static class RunSummary
{
    public static object Of(RunResult result, RunFolder folder) => new
    {
        result.Parameters,
        result.TrainedTokens,
        result.TrainingSeconds,
        TokensPerSecond = result.TrainedTokens / result.TrainingSeconds,
        result.ShareOfMatmulPeak,
        BitsPerByte = result.Model.BitsPerByte,
        Loss = result.Model.NatsPerToken,
        ValidationTokens = result.Model.Tokens,
        ValidationBytes = result.Model.Bytes,
        TrigramBitsPerByte = result.Trigram?.BitsPerByte,
        EntropyBitsPerByte = result.Floor,
        result.ShareOfTheWay,
        MinimalPairs = result.ModelPairs is not { } model ? null : new
        {
            Groups = model.Groups.Zip(result.TrigramPairs!.Groups, (m, t) =>
                new { m.Name, m.Count, m.Accuracy, m.StandardError, Trigram = t.Accuracy }),
            Phenomena = model.Phenomena.Zip(result.TrigramPairs.Phenomena, (m, t) =>
                new { m.Name, m.Group, m.Count, m.Accuracy, Trigram = t.Accuracy }),
        },
        WordsInTrainingText = result.Words?.Share,
        Samples = result.Samples.Select(sample => new { sample.Prompt, sample.Text }),
        Model = folder.Model,
        Report = File.Exists(folder.Report) ? folder.Report : null,
    };

    public static string Text(RunResult result, RunFolder folder)
    {
        var text = new StringBuilder("\n");
        foreach (var (prompt, continuation) in result.Samples)
            text.Append($"▸ {prompt}▸{continuation}\n\n");
        Line($"bits per byte on unseen text    {result.Model.BitsPerByte:F3}");
        if (result.Trigram is { } trigram)
            Line($"  Kneser–Ney trigram           {trigram.BitsPerByte:F3}");
        if (result is { Floor: { } floor, ShareOfTheWay: { } share })
        {
            Line($"  the generator's entropy      {floor:F3}");
            Line($"  of the way down to it        {share:P1}");
        }
        foreach (var (model, pairs) in (result.ModelPairs?.Groups ?? []).Zip(result.TrigramPairs?.Groups ?? []))
            Line($"minimal pairs, {model.Name,-18}{model.Accuracy:P1} of {model.Count:N0} (trigram {pairs.Accuracy:P1})");
        if (result.Words is { Words: > 0 } words)
            Line($"words found in training text   {words.Share:P1} of {words.Words:N0}");
        Line($"speed                          {Human.Count(result.TrainedTokens / result.TrainingSeconds)} tokens/s, {result.ShareOfMatmulPeak:P0} of matmul peak");
        Line($"model                          {folder.Model}");
        text.Append(CultureInfo.InvariantCulture, $"result                         {ResultFile.In(folder.Path)}");
        if (File.Exists(folder.Report))
            text.Append($"\nreport                         {folder.Report}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
