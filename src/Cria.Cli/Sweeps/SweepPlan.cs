using Cria.Cli.Frame;
using Cria.Engine.Tensors;

namespace Cria.Cli.Sweeps;

/// <summary>What is to be run: the points of a grid, or points drawn at random, each with every seed.</summary>
/// <param name="Recipes">One file or several.</param>
/// <param name="Axes">What is varied.</param>
/// <param name="Random">How many points to draw for each recipe; 0 takes every point of the grid.</param>
/// <param name="Seeds">Of the runs of every point.</param>
/// <param name="Halving">How points are dropped on the way; null trains all of them to the end.</param>
/// <param name="DrawSeed">Where the drawing of points starts.</param>
sealed record SweepPlan(
    IReadOnlyList<string> Recipes, IReadOnlyList<SweepAxis> Axes, int Random, IReadOnlyList<ulong> Seeds, Halving? Halving, ulong DrawSeed)
{
    public const int MostTrials = 10_000;

    /// <summary>What is put into the recipe of every point, as <c>--set</c> takes it.</summary>
    public IReadOnlyList<string> Common { get; init; } = [];

    /// <summary>The axes with more than one value: what points are told apart by.</summary>
    public IReadOnlyList<SweepAxis> Varied => [.. Axes.Where(axis => axis.Values.Count > 1)];

    /// <exception cref="UsageException">There are none, too many, or a range without random drawing.</exception>
    public IReadOnlyList<Trial> Trials()
    {
        if (Axes.FirstOrDefault(axis => axis.Range != SweepRange.None) is { } ranged && Random == 0)
            throw new UsageException($"--over {ranged.Path} names a range, from which a grid has no points; add --random N, or list the values.");
        if (Axes.GroupBy(axis => axis.Path).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"--over names {twice.Key} twice; put all its values into one.");
        double count = Recipes.Count * (Random > 0 ? Random : Axes.Aggregate(1.0, (product, axis) => product * axis.Values.Count));
        if (count > MostTrials)
            throw new UsageException($"this sweep has {count:N0} points; {MostTrials:N0} are allowed: name fewer values, or draw some with --random N.");
        var varied = Varied;
        IReadOnlyList<string> common = [.. Common, .. Axes.Except(varied).Select(axis => $"{axis.Path}={axis.Values[0]}")];
        return [.. Recipes.SelectMany(recipe =>
            (Random > 0 ? Drawn(varied) : Grid(varied, 0, []))
                .Select(values => new Trial(recipe, common, values, Recipes.Count > 1)))];
    }

    IEnumerable<IReadOnlyList<(string, string)>> Grid(IReadOnlyList<SweepAxis> axes, int axis, IReadOnlyList<(string, string)> chosen) =>
        axis == axes.Count
        ? [chosen]
        : axes[axis].Values.SelectMany(value => Grid(axes, axis + 1, [.. chosen, (axes[axis].Path, value)]));

    // Of each axis one value in every stretch of its range, in an order of its own (Latin hypercube; McKay, Beckman, Conover 1979):
    // as random as points drawn one by one, without their gaps.
    IEnumerable<IReadOnlyList<(string, string)>> Drawn(IReadOnlyList<SweepAxis> axes)
    {
        double[][] shares = [.. axes.Select(Stretches)];
        for (int i = 0; i < Random; i++)
            yield return [.. axes.Select((axis, a) => (axis.Path, axis.At(shares[a][i])))];
    }

    double[] Stretches(SweepAxis axis)
    {
        var random = Philox.For(DrawSeed, axis.Path);
        int[] order = [.. Enumerable.Range(0, Random).OrderBy(i => random.Uniform((ulong)i))];
        return [.. order.Select((stretch, i) => (stretch + random.Uniform((ulong)(Random + i))) / Random)];
    }
}
