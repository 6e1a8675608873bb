using Cria.Data.Stories.Templates;

namespace Cria.Data.Stories.Plots;

/// <summary>A plot shape: its name and its template.</summary>
sealed record Plot(string Name, string Template);

/// <summary>Every problem with every turn that can solve it.</summary>
static class PlotTable
{
    /// <summary>The pools that templates name as &lt;pool&gt;.</summary>
    public static Dictionary<string, string> Pools => new()
    {
        ["opening"] = Beats.Opening,
        ["friend"] = Beats.Friend,
        ["animals"] = Beats.Animals,
        ["animals-again"] = Beats.AnimalsAgain,
        ["neighbours"] = Beats.Neighbours,
        ["neighbours-again"] = Beats.NeighboursAgain,
        ["chore"] = Beats.Chore,
        ["chore-again"] = Beats.ChoreAgain,
        ["feeling"] = Beats.Feeling,
        ["scene"] = Beats.Scene,
        ["way"] = Beats.Way,
        ["market"] = Beats.Market,
        ["joy"] = Beats.Joy,
    };

    public static Plot[] All
    {
        get
        {
            Dictionary<string, Turn> turns = Turns.All.ToDictionary(turn => turn.Name);
            return [.. Wishes.All.Concat(Losses.All)
                .SelectMany(problem => problem.Turns.Select(turn => Join(problem, turns[turn])))];
        }
    }

    /// <summary>What the beginning says of daily life, the end says again: one frame of three holds the plot.</summary>
    static Plot Join(Problem problem, Turn turn)
    {
        string middle = string.Join(' ', OneOf(problem.Begin), OneOf(problem.Trouble), "<feeling>", "[<scene> |]<way>",
            "[<market> |]" + OneOf(turn.Idea), OneOf(turn.Deed), OneOf(turn.Thanks), "<joy>")
            .Replace("$done", problem.Done, StringComparison.Ordinal)
            .Replace("$do", problem.Do, StringComparison.Ordinal);
        string[] frames = ["animals", "chore", "neighbours"];
        return new($"{problem.Name} + {turn.Name}",
            $"<opening> <friend> [{string.Join('|', frames.Select(f => $"<{f}> {middle} <{f}-again>"))}]");
    }

    static string OneOf(string lines) => $"[{string.Join('|', TemplateParser.LinesOf(lines))}]";
}
