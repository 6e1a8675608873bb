using System.Diagnostics;
using System.Globalization;
using System.Text;
using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;

namespace Cria.Cli.Benchmarks;

/// <summary>One kind of operation in one pass of a step: all its calls together.</summary>
/// <param name="Op">The operation's name, without its parameter's.</param>
/// <param name="Pass">forward, backward, recompute or optimizer; nothing for what lies between the operations.</param>
/// <param name="Count">Calls in a step.</param>
/// <param name="Milliseconds">Mean time of a step spent there.</param>
/// <param name="Share">That, of the step.</param>
/// <param name="Gflops">The rate, where the operation counts its multiply-adds.</param>
public sealed record StepProfileRow(string Op, string Pass, int Count, double Milliseconds, double Share, double? Gflops);

/// <summary>Where the time of a step goes, by kind of operation; the rows' times add up to the step's.</summary>
public sealed record StepProfile(int Steps, double StepMilliseconds, IReadOnlyList<StepProfileRow> Rows)
{
    /// <param name="plan">A plan that ran with profiling on.</param>
    /// <param name="steps">How many steps it ran.</param>
    /// <param name="stepSeconds">The mean time of one, optimizer included.</param>
    /// <param name="clipSeconds">Of that, for the gradients' norm.</param>
    /// <param name="optimizerSeconds">Of that, for the update.</param>
    public static StepProfile Of(Plan plan, int steps, double stepSeconds, double clipSeconds, double optimizerSeconds)
    {
        var kinds = new Dictionary<(string Op, Pass Pass), (int Count, long Ticks, long Flops)>();
        for (int i = 0; i < plan.Steps.Count; i++)
        {
            var (op, pass) = plan.Steps[i];
            var sum = kinds.GetValueOrDefault((Kind(op), pass));
            kinds[(Kind(op), pass)] = (sum.Count + 1, sum.Ticks + plan.ProfileTicks![i], sum.Flops + Flops(op, pass));
        }
        var rows = kinds.Select(kind => Row(kind.Key.Op, kind.Key.Pass.ToString().ToLowerInvariant(), kind.Value.Count,
            (double)kind.Value.Ticks / Stopwatch.Frequency / steps, kind.Value.Flops)).ToList();
        rows.Add(Row("clip", "optimizer", 1, clipSeconds, 0));
        rows.Add(Row("update", "optimizer", 1, optimizerSeconds, 0));
        rows.Add(Row("overhead", "", 1, stepSeconds - rows.Sum(row => row.Milliseconds) / 1000, 0));
        return new(steps, stepSeconds * 1000, [.. rows.OrderByDescending(row => row.Share)]);

        StepProfileRow Row(string op, string pass, int count, double seconds, long flops) =>
            new(op, pass, count, seconds * 1000, seconds / stepSeconds, flops > 0 ? flops / seconds / 1e9 : null);
    }

    public string Text()
    {
        var text = new StringBuilder("op            pass        calls         ms    share  GFLOP/s\n");
        foreach (var row in Rows)
            text.Append(CultureInfo.InvariantCulture,
                $"{row.Op,-12}  {row.Pass,-9}  {row.Count,6}  {row.Milliseconds,9:F3}  {row.Share,7:P1}  {row.Gflops,7:F0}\n");
        return text.Append(CultureInfo.InvariantCulture, $"{"step",-12}  {"",-9}  {"",6}  {StepMilliseconds,9:F3}  {1,7:P1}").ToString();
    }

    /// <summary>The op's name without its parameters' names.</summary>
    static string Kind(Op op)
    {
        string name = op.Name;
        foreach (var input in op.Inputs)
            if (input is Parameter)
                name = name.Replace(input.Name, "", StringComparison.Ordinal);
        return string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>
    /// Backward is two products for each of forward's; in attention five for two, the scores being made again; and where forward is not run
    /// its own besides.
    /// </summary>
    static long Flops(Op op, Pass pass) => op.MultiplyAdds * (pass, op) switch
    {
        (not Pass.Backward, _) => 2,
        (_, Attention) => 5,
        (_, { BackwardIncludesForward: true }) => 6,
        _ => 4,
    };
}
