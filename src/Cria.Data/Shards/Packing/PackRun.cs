using System.Diagnostics;
using System.Text;
using Cria.Data.Readers;

namespace Cria.Data.Shards.Packing;

/// <summary>
/// One packing, from its first document or from where an earlier one was stopped. With conditions it keeps a journal,
/// and can be continued under the same ones.
/// </summary>
sealed class PackRun : IDisposable
{
    // A journal costs two flushes; it may take a twentieth of the time.
    const int PausePerCost = 19;
    static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(0.25);

    readonly IPackTarget[] _targets;
    readonly ShardStorage _storage;
    readonly List<PackCondition>? _conditions;
    readonly ShardFiles[] _files = [];
    readonly Stopwatch _sinceJournal = Stopwatch.StartNew();
    TimeSpan _pause;
    bool _isTorn;
    bool _isFinished;

    /// <param name="targets">The sets; the journal lies beside the first.</param>
    /// <param name="options">Of all of them.</param>
    /// <param name="storage">Where they are written.</param>
    /// <param name="conditions">What the sets depend on; null: no journal is kept.</param>
    /// <param name="pause">The least time between two journals; null for the usual.</param>
    /// <exception cref="DataException">What is there was begun under other conditions, or cannot be continued.</exception>
    public PackRun(IPackTarget[] targets, ShardOptions options, ShardStorage storage, List<PackCondition>? conditions, TimeSpan? pause)
    {
        (_targets, _storage, _conditions) = (targets, storage, conditions);
        _pause = pause ?? LeastPause;
        if (targets[0].Condition is { } condition)
            conditions?.Add(condition);
        PackJournal? journal = conditions is null ? null : PackJournal.Find(First, targets.Length);
        if (journal is not null)
        {
            Compare(journal);
            (Blocks, DocumentsBefore) = (journal.Blocks, journal.Read.Documents);
            Read.Add(journal.Read.ToStatistics());
        }
        else
        {
            storage.Delete(PackJournal.PathOf(First));
        }

        _isFinished = journal?.Manifests is { } manifests && Publish(manifests);
        if (_isFinished)
            return;
        _files = new ShardFiles[targets.Length];
        for (int set = 0; set < targets.Length; set++)
        {
            ShardProgress start = journal?.Sets[set] is { Tokens: > 0 } kept ? kept : targets[set].Begin();
            _files[set] = new ShardFiles(storage, targets[set].WorkFolder, options, start);
        }
    }

    /// <summary>Blocks of the input that are packed.</summary>
    public long Blocks { get; private set; }

    /// <summary>What the reader met in them.</summary>
    public ReaderStatistics Read { get; } = new();

    /// <summary>Documents that an earlier run had packed.</summary>
    public long DocumentsBefore { get; }

    /// <summary>The manifests of the finished sets; null before the end.</summary>
    public IReadOnlyList<ShardManifest>? Manifests { get; private set; }

    string First => _targets[0].Path;

    /// <summary>Writes the next block.</summary>
    public void Add(PackedBlock block)
    {
        _isTorn = true;
        block.AddTo(_files);
        Read.Add(block.Met);
        Blocks++;
        _isTorn = false;
        if (_conditions is not null && _sinceJournal.Elapsed >= _pause)
            Save();
    }

    /// <summary>Brings everything to the disk, then says so in the journal.</summary>
    public void Save()
    {
        if (_conditions is null || _isFinished || _isTorn) // half a block cannot be gone on with
            return;
        long began = Stopwatch.GetTimestamp();
        Journal([.. _files.Select(files => files.Flush())], null);
        TimeSpan cost = Stopwatch.GetElapsedTime(began);
        _pause = _pause < LeastPause ? _pause : TimeSpan.FromTicks(Math.Max(LeastPause.Ticks, PausePerCost * cost.Ticks));
        _sinceJournal.Restart();
    }

    /// <summary>Makes what was packed the sets, the last first: the first is there when all are.</summary>
    /// <exception cref="DataException">A set has no document.</exception>
    public void Complete()
    {
        if (_isFinished)
            return;
        NeedDocuments();
        List<string> manifests = [.. _files.Select(files => Encoding.UTF8.GetString(files.Finish().ToJson()))];
        if (_conditions is not null)
            Journal([.. _targets.Select(_ => ShardProgress.None)], manifests);
        _isFinished = Publish(manifests);
    }

    /// <summary>Forgets the way here: a later packing into the same place begins anew.</summary>
    public void Forget() => _storage.Delete(PackJournal.PathOf(First));

    /// <summary>Closes the files. What no journal speaks of is removed.</summary>
    public void Dispose()
    {
        foreach (ShardFiles files in _files)
            files?.Dispose();
        if (_isFinished || File.Exists(PackJournal.PathOf(First)))
            return;
        foreach (IPackTarget target in _targets)
            target.Abandon();
    }

    void Journal(List<ShardProgress> sets, List<string>? manifests) => new PackJournal
    {
        Conditions = _conditions!,
        Blocks = Blocks,
        Read = ReaderCounts.Of(Read),
        Sets = sets,
        Manifests = manifests,
    }.Write(First, _storage);

    // Hours of work may be in it, and it is what packing without a split would have made.
    DataException KeepTraining()
    {
        Journal([_files[0].Flush(), ShardProgress.None], null);
        Dispose();
        _targets[1].Abandon();
        return new DataException($"{_targets[1].Path} would get none of the {_files[0].Documents} documents; what is packed stays in " +
            $"{_targets[0].WorkFolder}: pack the same without a validation fraction to have it alone ({First}), or remove " +
            $"{PackJournal.PathOf(First)} and choose another fraction or seed.");
    }

    bool Publish(List<string> manifests)
    {
        for (int set = _targets.Length - 1; set >= 0; set--)
            _targets[set].Publish(Encoding.UTF8.GetBytes(manifests[set]));
        Manifests = [.. manifests.Select((json, set) => ManifestReader.Parse(Encoding.UTF8.GetBytes(json), _targets[set].Path))];
        return true;
    }

    void Compare(PackJournal journal)
    {
        // A set that was added to and published is no longer what it was before; all else must be the same.
        bool isPublished = journal.Manifests?[0] is { } manifest && _targets[0].IsPublished(Encoding.UTF8.GetBytes(manifest));
        bool Matters(PackCondition condition) => !isPublished || condition.Name != _targets[0].Condition?.Name;
        PackCondition[] then = [.. journal.Conditions.Where(Matters)], now = [.. _conditions!.Where(Matters)];
        if (PackCondition.Difference(then, now) is { } difference)
        {
            throw new DataException($"{_targets[0].WorkFolder} is unfinished and cannot be continued, because {difference}; " +
                $"go on with what it was begun with, or remove {PackJournal.PathOf(First)} to begin anew.");
        }
    }

    void NeedDocuments()
    {
        if (_files.All(files => files.Documents > 0))
            return;
        if (_conditions is not null && _files is [{ Documents: > 0 }, _])
            throw KeepTraining();
        _storage.Delete(PackJournal.PathOf(First));
        if (_files is [var training, var validation])
        {
            throw new DataException(
                $"{First} would get {training.Documents} documents and {_targets[1].Path} {validation.Documents}; both need at least " +
                "one: give more documents, or choose another validation fraction or seed.");
        }

        throw new DataException($"{First} would hold no document, because the input has none that is kept; " +
            "give it more text or a looser recipe.");
    }
}
