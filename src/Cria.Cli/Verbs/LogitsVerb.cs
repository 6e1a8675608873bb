using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Models.Decoding;

namespace Cria.Cli.Verbs;

/// <summary><c>cria logits</c>: numbers to compare with other programs.</summary>
static class LogitsVerb
{
    static readonly Argument<string> Checkpoint = Checkpoints.Argument();
    static readonly Option<string> Ids = new("--ids") { HelpName = "1,403,407", Description = "Token ids, separated by commas.", Required = true };

    public static Command Create() => new Verb(
        "logits",
        "Print the logits after every token.",
        "cria logits stories260K-hf --ids 1,403,407,261,378 --json")
    {
        Checkpoint, Ids, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int[] ids = [.. parsed.GetRequiredValue(Ids).Split(',').Select(Id)];
        using var opened = new OpenedModel(parsed.GetRequiredValue(Checkpoint), parsed.ThreadCount());
        using var decoder = new Decoder(opened.Model, opened.Kernels, tokens: ids.Length);
        if (ids.Length > decoder.Capacity)
            throw new UsageException($"--ids names {ids.Length} tokens, and the model's context is {decoder.Capacity}.");
        var rows = new List<float[]>();
        decoder.Append(ids, (_, logits) => rows.Add(logits.ToArray()));
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new { Logits = rows });
            return 0;
        }
        for (int i = 0; i < rows.Count; i++)
        {
            var best = rows[i].Select((logit, id) => (Logit: logit, Id: id)).OrderByDescending(pair => pair.Logit).Take(5);
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{ids[i],6} → {string.Join("  ", best.Select(b => $"{b.Id}: {b.Logit:F4}"))}"));
        }
        return 0;
    }

    static int Id(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        ? id
        : throw new UsageException($"--ids has '{text}', which is not a token id; ids are whole numbers separated by commas.");
}
