using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;

namespace Cria.Interop.Checkpoints;

/// <summary>
/// What travels with the weights. The common currency is Hugging Face's files: a format that keeps a tokenizer inside makes
/// a tokenizer.json of it when read, and finds one here when written.
/// </summary>
public sealed record CheckpointContents
{
    readonly ITokenizer? _tokenizer;
    ITokenizer? _parsed;

    /// <summary>Name → bytes: tokenizer.json, tokenizer_config.json, and whatever else goes through as it is.</summary>
    public IReadOnlyDictionary<string, byte[]> Files
    {
        get;
        init => (field, _parsed) = (value, null); // a copy with other files has another tokenizer
    } = new Dictionary<string, byte[]>();

    public SpecialIds Specials { get; init; } = new();

    /// <summary>What the model is called where it says so.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The tokenizer; if it was not given, read when first asked for: from tokenizer.json, or from what an older folder has
    /// in its place. Null where there is none.
    /// </summary>
    /// <exception cref="Data.DataException">Its file is damaged or of an unknown kind.</exception>
    public ITokenizer? Tokenizer
    {
        get => _tokenizer ?? (_parsed ??= Files.TryGetValue(TokenizerJson.FileName, out byte[]? json)
            ? TokenizerJson.Read(json, Files.GetValueOrDefault("tokenizer_config.json"))
            : Unread?.Invoke());
        init => _tokenizer = value;
    }

    /// <summary>Reads a tokenizer that is in another form than tokenizer.json.</summary>
    internal Func<ITokenizer>? Unread { get; init; }

    /// <summary>The same with another tokenizer in place of all that there was of one: files, special ids, chat template.</summary>
    /// <param name="tokenizer">The new one.</param>
    /// <param name="files">Its files, where it has some to go through as they are.</param>
    public CheckpointContents With(ITokenizer tokenizer, IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var specials = new SpecialIds(tokenizer.BeginOfText, tokenizer.EndOfText);
        var all = FolderContents.WithoutTokenizer(Files, specials);
        foreach (var (name, bytes) in files)
            all[name] = bytes;
        return this with { Files = all, Specials = specials, Tokenizer = tokenizer };
    }
}

/// <summary>The ids of special tokens as a checkpoint names them; null where it does not.</summary>
public sealed record SpecialIds(int? BeginOfText = null, int? EndOfText = null, int? Padding = null, int? Unknown = null)
{
    /// <summary>Those that there are, as generation_config.json names them.</summary>
    internal IEnumerable<(string Key, int Id)> Named
    {
        get
        {
            foreach (var (key, id) in ((string, int?)[])[("bos_token_id", BeginOfText), ("eos_token_id", EndOfText), ("pad_token_id", Padding)])
                if (id is { } known)
                    yield return (key, known);
        }
    }
}

/// <summary>How a checkpoint is to be written.</summary>
public sealed record WriteOptions
{
    /// <summary>One of the format's <see cref="ICheckpointFormat.Types"/>; null takes the first.</summary>
    public string? Type { get; init; }

    /// <summary>Weights beyond this go into a further file, where the format has several.</summary>
    public long MaxShardBytes { get; init; } = 5_000_000_000;

    /// <summary>Hears how many numbers have been written so far.</summary>
    public Action<long>? Written { get; init; }

    public CancellationToken Cancellation { get; init; }
}
