using System.Globalization;
using Cria.Data.Cleaning;
using Cria.Data.Readers;

namespace Cria.Data.Shards.Packing;

/// <summary>Something that the bytes of a set depend on: if it changes, an unfinished set cannot be continued.</summary>
/// <param name="Name">What it is, for a sentence.</param>
/// <param name="Value">What it was.</param>
sealed record PackCondition(string Name, string Value)
{
    /// <summary>Counts up when the way documents are cut into blocks, or encoded blocks into files, changes.</summary>
    const string Method = "1";

    /// <summary>The name of the condition that only two sets have.</summary>
    public const string Split = "the split";

    /// <summary>All that a set made of files depends on. Files are told by path, size and time of change: reading 20 GB
    /// only to compare them would cost what resuming is meant to save.</summary>
    public static List<PackCondition> Of(DocumentReader reader, ShardOptions options, CorpusSplit? split)
    {
        List<PackCondition> conditions =
        [
            new("the packer's method", Method),
            new("the tokenizer", options.TokenizerSha256),
            new("the vocabulary", $"{options.VocabSize}"),
            new("the id of <|endoftext|>", $"{options.EndOfText}"),
            new("the tokens in a file", $"{options.TokensPerShard}"),
            new("the way of reading", $"{reader.Options}"),
        ];
        if (split is not null)
            conditions.Insert(1, new(Split, $"{split}"));
        foreach (string path in reader.Files)
        {
            var file = new FileInfo(path);
            string changed = file.LastWriteTimeUtc.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
            conditions.Add(new($"the input {file.FullName}", $"{file.Length} bytes of {changed}"));
        }

        return conditions;
    }

    /// <summary>The first difference, in words; null if there is none.</summary>
    public static string? Difference(IReadOnlyList<PackCondition> then, IReadOnlyList<PackCondition> now)
    {
        for (int i = 0; i < Math.Max(then.Count, now.Count); i++)
        {
            if (i >= now.Count || i >= then.Count)
                return i < then.Count ? $"{then[i].Name} is no longer named" : $"{now[i].Name} is new";
            if (then[i].Name != now[i].Name)
                return $"{then[i].Name} was named where now {now[i].Name} is";
            if (then[i].Value != now[i].Value)
                return $"{then[i].Name} was {then[i].Value} and is {now[i].Value}";
        }

        return null;
    }
}
