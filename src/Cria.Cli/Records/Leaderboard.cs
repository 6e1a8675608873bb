using System.Globalization;
using System.Text;
using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Training;

namespace Cria.Cli.Records;

/// <summary>The tables of README.md beside the tracks: every entry that holds, the best first.</summary>
static class Leaderboard
{
    const string FileName = "README.md", Begin = "<!-- entries -->", End = "<!-- /entries -->";

    /// <summary>Writes the tables between their markers.</summary>
    /// <param name="records">The folder of the records.</param>
    /// <returns>How many entries there are.</returns>
    /// <exception cref="TrainingException">An entry does not hold, or the file has no place for the tables.</exception>
    public static int Write(string records)
    {
        string path = Path.Combine(records, FileName);
        string text = File.ReadAllText(path);
        int from = text.IndexOf(Begin, StringComparison.Ordinal), to = text.IndexOf(End, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new TrainingException($"{path} has no lines {Begin} and {End}, between which the tables go; put them where they shall be.");
        var tracks = TrackList.Read(records).Tracks;
        RecordEntry[][] entries = [.. tracks.Select(track => Entries(records, track))];
        var tables = new StringBuilder(Begin).Append('\n');
        for (int i = 0; i < tracks.Length; i++)
            tables.Append('\n').Append(Table(tracks[i], entries[i]));
        WholeFile.Write(path, $"{text[..from]}{tables}\n{text[to..]}");
        return entries.Sum(track => track.Length);
    }

    static RecordEntry[] Entries(string records, Track track)
    {
        string folder = Path.Combine(records, track.Name);
        return !Directory.Exists(folder) ? [] :
            [.. Directory.EnumerateDirectories(folder).Where(entry => !entry.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .Select(entry => EntryCheck.Read(records, entry).Entry is var read && read.Track == track.Name
                    ? read
                    : throw new TrainingException($"{entry} is an entry to track {read.Track} and lies in {track.Name}; move it."))];
    }

    static string Table(Track track, RecordEntry[] entries)
    {
        var text = new StringBuilder($"### {track.Name}\n\n");
        if (entries.Length == 0)
            return text.Append("No entries yet.\n").ToString();
        var records = Records(track, entries);
        text.Append("| bits per byte | | entry | time | steps | tokens | parameters | FLOPs | machine | peak GFLOP/s |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var entry in entries.OrderBy(entry => entry.BitsPerByte).ThenBy(entry => entry.FolderName, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {entry.BitsPerByte:F4} | {(records.Contains(entry) ? "record" : "")} ")
                .Append(CultureInfo.InvariantCulture, $"| [{entry.FolderName}]({track.Name}/{entry.FolderName}) | {Human.Duration(TimeSpan.FromSeconds(entry.Seconds))} ")
                .Append(CultureInfo.InvariantCulture, $"| {entry.Steps:N0} | {Human.Count(entry.Tokens)} | {Human.Count(entry.Parameters)} | {entry.Flops:0.00e0} ")
                .Append(CultureInfo.InvariantCulture, $"| {Cell(entry.Machine)} | {entry.PeakGflops:F0} |\n");
        return text.ToString();
    }

    // In the order of their days; each must beat the one before by more than chance does.
    static HashSet<RecordEntry> Records(Track track, RecordEntry[] entries)
    {
        HashSet<RecordEntry> records = new(ReferenceEqualityComparer.Instance);
        double best = double.PositiveInfinity;
        foreach (var entry in entries)
        {
            if (entry.BitsPerByte >= best - track.Noise)
                continue;
            best = entry.BitsPerByte;
            records.Add(entry);
        }
        return records;
    }

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
