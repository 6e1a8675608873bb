namespace Cria.Data.Fetching;

/// <summary>A file of a repository on the hub.</summary>
/// <param name="Path">Inside the repository.</param>
/// <param name="Bytes">Its length; of a large file, the file's own and not its pointer's.</param>
/// <param name="Sha256">Its hash; null for small files, which git keeps itself.</param>
sealed record HubFile(string Path, long Bytes, string? Sha256)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsParquet => Path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A repository at a commit.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Licence">As its card states it.</param>
/// <param name="Configs">The configurations that its card declares.</param>
sealed record HubRevision(string Commit, string? Licence, IReadOnlyList<HubConfig> Configs);

/// <summary>A configuration that a dataset's card declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDefault">Whether it is meant where none is named.</param>
/// <param name="Parts">Patterns of its files, each with the split they belong to; null: their names say it.</param>
sealed record HubConfig(string Name, bool IsDefault, IReadOnlyList<(string? Split, string Pattern)> Parts);
