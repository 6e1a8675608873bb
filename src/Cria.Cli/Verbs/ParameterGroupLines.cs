using System.Globalization;
using Cria.Reports;
using Cria.Training.Optimizers;

namespace Cria.Cli.Verbs;

/// <summary>Which parameters the optimizer treats alike, for people: a line a group, its kinds and how many of each.</summary>
static class ParameterGroupLines
{
    public static IEnumerable<string> Of(IReadOnlyList<ParameterGroup> groups)
    {
        yield return "parameters of the optimizer   weight decay   learning rate";
        foreach (var group in groups)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Count(group),-29} {group.WeightDecay,12}   × {group.LearningRateFactor,-11} {Members(group)}");
    }

    static string Count(ParameterGroup group) => Human.Count(group.Parameters.Sum(parameter => parameter.Shape.Length));

    // "14 matrices, 5 norms": names where they are few enough to be read.
    static string Members(ParameterGroup group) => string.Join(", ", group.Parameters
        .GroupBy(parameter => parameter.Kind)
        .Select(kind => kind.Count() <= 2
            ? string.Join(", ", kind.Select(parameter => parameter.Name))
            : $"{kind.Count()} {ParameterGroups.WordOf(kind.Key)}"));
}
