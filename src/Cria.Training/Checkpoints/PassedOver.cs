namespace Cria.Training.Checkpoints;

/// <summary>
/// The checkpoints of steps that a run has gone back from. They stay where they are until another is whole, make way while it
/// takes its name, and come back where that fails. Then whole ones are removed; damaged ones are kept for a look.
/// </summary>
/// <param name="folders">Read when they are moved.</param>
sealed class PassedOver(IEnumerable<string> folders)
{
    readonly List<(string From, string To, bool IsWhole)> _moved = [];

    /// <summary>Under names that no resuming run looks at; those of whole ones are temporary: a kill leaves nothing for good.</summary>
    public void MoveAside()
    {
        foreach (string from in folders.ToArray())
        {
            bool isWhole = DurableFolder.Damage(from) is null;
            string to = Unused(from, isWhole ? ".passed" : ".damaged", isWhole ? ".tmp" : "");
            Directory.Move(from, to);
            _moved.Add((from, to, isWhole));
        }
    }

    public void MoveBack()
    {
        foreach (var (from, to, _) in _moved)
        {
            try
            {
                Directory.Move(to, from);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What failed before is what is told.
            }
        }
    }

    public void Remove()
    {
        foreach (var (_, to, isWhole) in _moved)
            if (isWhole)
                TryDelete(to);
    }

    /// <summary>What cannot be deleted bears a temporary name, and the next save tries again.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    static string Unused(string path, string mark, string ending)
    {
        string candidate = path + mark + ending;
        for (int i = 1; Directory.Exists(candidate); i++)
            candidate = $"{path}{mark}-{i}{ending}";
        return candidate;
    }
}
