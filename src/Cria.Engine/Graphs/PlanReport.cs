using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Cria.Engine.Graphs;

/// <summary>One row of the table that <c>cria plan</c> prints.</summary>
public sealed record PlanRow(int Step, string Pass, string Op, string Caller, string Shape, long Bytes, string Lives, double? Milliseconds);

/// <summary>A plan as a table: the best documentation an engine can have.</summary>
public static class PlanReport
{
    /// <param name="plan">The plan to describe.</param>
    /// <param name="runs">How many times it ran with profiling on; 0 leaves the times out.</param>
    public static IReadOnlyList<PlanRow> Rows(Plan plan, int runs = 0)
    {
        var rows = new List<PlanRow>();
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            var (op, pass) = plan.Steps[i];
            Value?[] written = Written(plan.Steps[i]);
            long bytes = written.Sum(value => value is null || plan.LifetimeOf(value) is null ? 0 : value.SizeInBytes);
            var spans = plan.LifetimeOf(plan.Steps[i].Waiting is { } waiting ? waiting.Copy : op.Output);
            double? milliseconds = plan.ProfileTicks is { } ticks && runs > 0
                ? ticks[i] * 1000.0 / Stopwatch.Frequency / runs
                : null;
            rows.Add(new(i, pass.ToString().ToLowerInvariant(), op.Name, op.Caller, op.Output.Shape.ToString(), bytes,
                spans is null ? "" : string.Join(", ", spans.Select(s => $"{s.First}-{s.Last}")), milliseconds));
        }
        return rows;
    }

    static Value?[] Written(PlanStep step) => step.Pass switch
    {
        Pass.Backward => [.. step.Op.Inputs.Where(input => input is not Parameter).Select(input => input.Gradient)],
        Pass.Store => [step.Waiting!.Copy],
        Pass.Restore => [step.Waiting!.Value],
        _ => [step.Op.Output, .. step.Op.SavedValues],
    };

    public static string Text(Plan plan, int runs = 0)
    {
        var text = new StringBuilder();
        text.AppendLine("step  pass       op                                                  caller            shape" +
            "                    bytes  lives            ms");
        foreach (var row in Rows(plan, runs))
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{row.Step,4}  {row.Pass,-9}  {row.Op,-50}  {row.Caller,-16}  {row.Shape,-16} {row.Bytes,13:N0}  {row.Lives,-14} {row.Milliseconds,7:F2}");
        return text.ToString();
    }
}
