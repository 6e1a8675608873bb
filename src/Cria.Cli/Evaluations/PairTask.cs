using Cria.Cli.Frame;
using Cria.Evaluation.Pairs;

namespace Cria.Cli.Evaluations;

/// <summary>A set of minimal pairs that is known by name.</summary>
/// <param name="Name">As <c>--tasks</c> has it.</param>
/// <param name="Format">Of its files.</param>
sealed record PairTask(string Name, PairFormat Format)
{
    public static IReadOnlyList<PairTask> All { get; } =
    [
        new("blimp", PairFormat.JsonLines),
        new("blimp_supplement", PairFormat.JsonLines),
        new("zorro", PairFormat.BadThenGood),
    ];

    /// <summary>The tasks of a list such as <c>blimp,zorro</c>.</summary>
    /// <exception cref="UsageException">A name is none of a task, or comes twice.</exception>
    public static IReadOnlyList<PairTask> Parse(string names)
    {
        var tasks = new List<PairTask>();
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
        {
            var task = All.FirstOrDefault(task => task.Name == name)
                ?? throw new UsageException($"--tasks has '{name}', which is no task; {NearestName.Hint(name, [.. All.Select(task => task.Name)])}");
            if (tasks.Contains(task))
                throw new UsageException($"--tasks names {name} twice; once is enough.");
            tasks.Add(task);
        }
        return tasks;
    }

    /// <summary>Reads the task's pairs: from the folder of its name, where there is one.</summary>
    /// <param name="data">Files and folders.</param>
    /// <param name="isOnly">No other task is asked for, so that what is named can be meant for this one.</param>
    /// <exception cref="UsageException">There are several tasks, and no folder of this one's name.</exception>
    public PairSet Read(IReadOnlyList<string> data, bool isOnly)
    {
        string[] own = [.. data.Select(path => Path.Combine(path, Name)).Where(Directory.Exists)];
        if (own.Length == 0 && !isOnly)
            throw new UsageException($"--data {string.Join(' ', data)} has no folder {Name}; give each of several tasks a folder of its name, or name one task.");
        return PairSet.Read(own.Length > 0 ? own : data, Format);
    }
}
