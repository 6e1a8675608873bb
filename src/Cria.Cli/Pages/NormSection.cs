using Cria.Reports.Charts;
using Cria.Reports.Pages;
using Cria.Training.Observation;

namespace Cria.Cli.Pages;

/// <summary>Weights, gradients and updates of every layer over the run.</summary>
static class NormSection
{
    const int MostRows = 40;

    public static void Add(ReportSection section, RecordedRun run)
    {
        var taken = run.Metrics.Norms;
        double[] steps = [.. taken.Select(norms => (double)norms.Step)];
        var rows = Rows(taken[^1].Groups);
        section.Text("Every row is a block of the model; darker is larger, in the dark brighter. The number behind a row is its last.");
        section.Chart(Map("Relative update", "update ÷ weight", group => group.RelativeUpdate));
        section.Chart(Map("Gradient norm by layer", "norm", group => group.Gradient));
        section.Chart(Map("Weight norm by layer", "norm", group => group.Weight));
        section.Note("A relative update is the norm of what one step changed, weight decay included, over the norm of the weights. " +
            "Layers far above the others learn too fast; layers far below hardly learn.");

        HeatMap Map(string title, string unit, Func<GroupNorms, double> value) =>
            new(title, new("step") { Format = AxisFormat.Count }, new(unit) { Kind = AxisKind.Logarithmic })
            {
                Columns = steps,
                Rows =
                [
                    .. rows.Select(row => new HeatRow(row.Name, [.. taken.Select(norms => value(Together(norms.Groups, row.Groups)))])),
                ],
            };
    }

    /// <summary>Blocks of one kind after another; of deep models without the norms, of very deep ones a row a layer.</summary>
    static List<(string Name, HashSet<string> Groups)> Rows(IReadOnlyList<GroupNorms> groups)
    {
        string[] names = [.. groups.Select(group => group.Name)];
        string prefix = CommonPrefix(names);
        if (names.Length > MostRows)
            names = [.. names.Where(name => !Kind(name).Contains("norm", StringComparison.Ordinal) && !Kind(name).Contains("ln_", StringComparison.Ordinal))];
        if (names.Length > MostRows)
            return [.. names.GroupBy(name => NormGroups.LayerOf(name) is >= 0 and var layer ? $"layer {layer}" : name[prefix.Length..])
                .Select(layer => (layer.Key, layer.ToHashSet()))];
        List<string> kinds = [.. names.Select(Kind).Distinct()];
        return [.. names.OrderBy(name => kinds.IndexOf(Kind(name))).Select(name => (name[prefix.Length..], (HashSet<string>)[name]))];
    }

    // The name without its layer's number.
    static string Kind(string name) => string.Join('.', name.Split('.').Where(part => !part.All(char.IsAsciiDigit)));

    static GroupNorms Together(IReadOnlyList<GroupNorms> groups, HashSet<string> names)
    {
        double weight = 0, gradient = 0, update = 0;
        foreach (var group in groups)
            if (names.Contains(group.Name))
            {
                weight += group.Weight * group.Weight;
                gradient += group.Gradient * group.Gradient;
                update += group.Update * group.Update;
            }
        return new("", Math.Sqrt(weight), Math.Sqrt(gradient), Math.Sqrt(update));
    }

    // Whole parts of the names only; a single name keeps all of its own.
    static string CommonPrefix(string[] names)
    {
        if (names.Length < 2)
            return "";
        string prefix = names[0][..(names[0].IndexOf('.') + 1)];
        // The head stands beside the model in many architectures.
        return names.Count(name => name.StartsWith(prefix, StringComparison.Ordinal)) == names.Length ? prefix : "";
    }
}
