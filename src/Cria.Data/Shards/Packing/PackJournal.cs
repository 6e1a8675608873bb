using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cria.Data.Shards.Packing;

/// <summary>
/// How far an unfinished pack is: <c>FOLDER.journal</c> beside the set, replaced whole, and only after what it speaks of
/// is on the disk.
/// </summary>
sealed record PackJournal
{
    const long MostBytes = 256 << 20;

    /// <summary>What the set depends on.</summary>
    public required List<PackCondition> Conditions { get; init; }

    /// <summary>Blocks of the input whose documents are in the set.</summary>
    public required long Blocks { get; init; }

    /// <summary>What the reader met in them.</summary>
    public required ReaderCounts Read { get; init; }

    /// <summary>Each set's progress: one, or training and validation.</summary>
    public required List<ShardProgress> Sets { get; init; }

    /// <summary>The manifests, once every document is packed; what is left is to publish them.</summary>
    public List<string>? Manifests { get; init; }

    public static string PathOf(string folder) => folder + ".journal";

    /// <summary>The journal of a folder, or null.</summary>
    /// <exception cref="DataException">It contradicts itself.</exception>
    public static PackJournal? Find(string folder, int sets)
    {
        string path = PathOf(folder);
        if (!File.Exists(path))
            return null;
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw Damaged(path, null);
            PackJournal? journal = JsonSerializer.Deserialize(File.ReadAllBytes(path), PackJournalJson.Default.PackJournal);
            if (sets == 1 && journal?.IsSound(2) == true)
                journal = journal.WithoutSplit();
            return journal is not null && journal.IsSound(sets) ? journal : throw Damaged(path, null);
        }
        catch (JsonException e)
        {
            throw Damaged(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} could not be read: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }

    public void Write(string folder, ShardStorage storage) =>
        storage.Write(PathOf(folder), JsonSerializer.SerializeToUtf8Bytes(this, PackJournalJson.Default.PackJournal));

    // Where validation got nothing, training is what it would be without a split.
    PackJournal WithoutSplit() => Manifests is not null || Sets[1].Documents > 0 ? this : this with
    {
        Sets = [Sets[0]],
        Conditions = [.. Conditions.Where(condition => condition.Name != PackCondition.Split)],
    };

    bool IsSound(int sets) =>
        Blocks >= 0 && Read is not null && Conditions is not null && !Conditions.Contains(null!)
        && Sets?.Count == sets && Sets.All(set => set is not null && set.IsSound())
        && (Manifests is null || (Manifests.Count == sets && !Manifests.Contains(null!)));

    static DataException Damaged(string path, Exception? cause)
    {
        string sentence = $"{path} is no journal of an unfinished set; remove it and the unfinished set, and pack anew.";
        return cause is null ? new DataException(sentence) : new DataException(sentence, cause);
    }
}

[JsonSerializable(typeof(PackJournal))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
sealed partial class PackJournalJson : JsonSerializerContext;
