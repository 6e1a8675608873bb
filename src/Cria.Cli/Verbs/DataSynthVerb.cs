using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Cleaning;
using Cria.Data.Stories;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data synth</c>: stories from the embedded generator.</summary>
static class DataSynthVerb
{
    static readonly Option<int> Stories = Numbers.Count("--stories", "N", "How many stories.", 1, without: 10_000);
    static readonly Option<string> Out = DataVerb.Out("FILE", "The file: .txt, or .jsonl for JSON lines, also .gz.");

    public static Command Create() => new Verb(
        "synth",
        "Write stories of a small made-up world; the same seed gives the same stories.",
        "cria data synth --stories 10000 --seed 1 --out stories.txt")
    {
        Stories, Out, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int stories = parsed.GetValue(Stories);
        string path = parsed.GetRequiredValue(Out);
        ulong seed = parsed.GetValue(GlobalOptions.Seed) ?? 1;
        using CorpusWriter writer = new(path);
        (long bytes, double bits) = ProgressBar.While("writing stories", stories, () => writer.Documents, () =>
        {
            StoryGenerator generator = new(seed);
            (long Bytes, double Bits) sum = default;
            for (int i = 0; i < stories; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Story story = generator.At(i);
                writer.Add(story.Text);
                sum = (sum.Bytes + story.SizeInBytes, sum.Bits + story.NegativeLog2Probability);
            }

            writer.Complete();
            return sum;
        });

        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Path = path, Stories = stories, Seed = seed, Bytes = bytes, BitsPerByte = bits / bytes });
        else
            Output.Line($"{path}: {stories} stories, {bytes} bytes, {bits / bytes:F4} bits per byte by the generator itself");
        return 0;
    }
}
