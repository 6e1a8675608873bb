using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Engine.Kernels;
using Cria.Reports.Charts;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Transfer;

namespace Cria.Cli.Verbs;

/// <summary><c>cria coordinates</c>: whether width transfer keeps changes of activations as large at every width.</summary>
static class CoordinatesVerb
{
    const int BaseWidth = 32;

    static readonly int[] Widths = [32, 64, 128, 256];

    static readonly (string Name, Func<CoordinateChange, double> Size)[] Places =
    [
        ("embedding", change => change.Embedding), ("residual stream", change => change.Residual), ("normed", change => change.Hidden),
        ("logits", change => change.Logits),
    ];

    static readonly Option<string> Optimizer = new("--optimizer")
    {
        HelpName = "TYPE",
        Description = "An optimizer.type, with its defaults.",
        DefaultValueFactory = _ => "adamw",
    };

    static readonly Option<double> Rate = Numbers.Real("--learning-rate", "R", "The same at every width.", 0.01, 1e-8, 10);
    static readonly Option<int> Steps = Numbers.Count("--steps", "N", "Steps on one batch; 4 if not given.", 1, example: 4);
    static readonly Option<int> Seeds = Numbers.Count("--seeds", "N", "Models at every width, of which the mean is shown; 3 if not given.", 1, example: 3);
    static readonly Option<string?> Picture = new("--picture") { HelpName = "FILE", Description = "An SVG of it." };

    public static Command Create() => new Verb(
        "coordinates", "Check that width transfer (mup) keeps changes of activations alike at every width.", "cria coordinates --picture coordinates.svg")
    {
        Optimizer, Rate, Steps, Seeds, Picture, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string type = parsed.GetRequiredValue(Optimizer);
        if (!OptimizerCatalog.RecipeTypes.TryGetValue(type, out var kind))
            throw new UsageException($"--optimizer '{type}' is not known; {NearestName.Hint(type, [.. OptimizerCatalog.RecipeTypes.Keys])}");
        var optimizer = (OptimizerRecipe)Activator.CreateInstance(kind)! with { LearningRate = (float)parsed.GetValue(Rate) };
        int steps = parsed.GetValue(Steps) is > 0 and var s ? s : 4, seeds = parsed.GetValue(Seeds) is > 0 and var n ? n : 3;
        ulong first = parsed.GetValue(GlobalOptions.Seed) ?? 1;
        var kernels = KernelChoice.Best(parsed.ThreadCount());
        var without = Changes(null);
        var with = Changes(new() { BaseWidth = BaseWidth });
        (kernels as IDisposable)?.Dispose();
        if (parsed.GetValue(Picture) is { } picture)
            WholeFile.Write(picture, Chart(with, without, steps).ToSvg(standalone: true));
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new
            {
                Optimizer = type,
                optimizer.LearningRate,
                Steps = steps,
                Seeds = seeds,
                BaseWidth,
                Without = Side(without),
                With = Side(with),
            });
        else
            Show(with, without);
        return 0;

        List<CoordinateChange> Changes(MupRecipe? mup)
        {
            var changes = new List<CoordinateChange>();
            foreach (int width in Widths)
            {
                cancellation.ThrowIfCancellationRequested();
                changes.Add(CoordinateCheck.Run(width, optimizer, mup, steps, seeds, kernels, first));
            }
            return changes;
        }
    }

    static object Side(IReadOnlyList<CoordinateChange> changes) => new
    {
        Changes = changes,
        Growth = Places.ToDictionary(place => place.Name.Replace(' ', '_'), place => CoordinateCheck.Growth(changes, place.Size)),
    };

    static void Show(IReadOnlyList<CoordinateChange> with, IReadOnlyList<CoordinateChange> without)
    {
        Output.Line($"{"change of",-16} {"mup",-4} {string.Concat(Widths.Select(width => $"{width,10}"))}   grows with width to the power");
        foreach (var (name, size) in Places)
            foreach (var (mode, changes) in (ReadOnlySpan<(string, IReadOnlyList<CoordinateChange>)>)[("off", without), ("on", with)])
                Output.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{name,-16} {mode,-4} {string.Concat(changes.Select(change => size(change).ToString("G4", CultureInfo.InvariantCulture).PadLeft(10)))}   {CoordinateCheck.Growth(changes, size):F2}"));
    }

    static LineChart Chart(IReadOnlyList<CoordinateChange> with, IReadOnlyList<CoordinateChange> without, int steps) => new(
        string.Create(CultureInfo.InvariantCulture, $"Change of activations in {steps} steps"),
        new Axis("hidden_size") { Kind = AxisKind.Logarithmic, Format = AxisFormat.Count },
        new Axis("mean change of a number") { Kind = AxisKind.Logarithmic })
    {
        Series =
        [
            .. from place in Places.Where(place => place.Name is "residual stream" or "logits")
               from side in ((string, IReadOnlyList<CoordinateChange>)[])[("off", without), ("on", with)]
               select new Series($"{place.Name}, mup {side.Item1}", [.. side.Item2.Select(change => new DataPoint(change.Width, place.Size(change)))]),
        ],
    };
}
