namespace Cria.Data.Fetching;

/// <summary>What a fetch brought.</summary>
/// <param name="Source">Where from: <c>hf:OWNER/NAME</c>, a named corpus, or <c>urls</c>.</param>
/// <param name="Revision">The commit of a hub's dataset; null for plain addresses.</param>
/// <param name="Licence">As the source states it; null where it states none.</param>
/// <param name="Folder">Where the files lie.</param>
/// <param name="Files">In the source's order.</param>
public sealed record FetchReport(string Source, string? Revision, string? Licence, string Folder, IReadOnlyList<FetchedFile> Files);

/// <summary>A file that is whole and checked.</summary>
/// <param name="File">Its path inside the folder, with forward slashes.</param>
/// <param name="Split">The split of a hub's dataset; null elsewhere.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash, 64 hexadecimal digits.</param>
/// <param name="State">What was done for it.</param>
public sealed record FetchedFile(string File, string? Split, long Bytes, string Sha256, FetchState State);

/// <summary>What was done for a file.</summary>
public enum FetchState
{
    /// <summary>It came from its first byte to its last.</summary>
    Fetched,

    /// <summary>A part was there from an earlier run.</summary>
    Resumed,

    /// <summary>It was there.</summary>
    Cached,
}
