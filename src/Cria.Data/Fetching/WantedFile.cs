namespace Cria.Data.Fetching;

/// <summary>A file to fetch, and what is known of it before its server is asked.</summary>
/// <param name="Name">Its path inside the folder, with forward slashes; checked by <see cref="SafeName"/>.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Split">The split of a hub's dataset.</param>
/// <param name="Bytes">Its length, where another than its server vouches for it.</param>
/// <param name="Sha256">Its hash, likewise; lower-case.</param>
/// <param name="Unpack">Of a zip archive, a pattern of the entries to unpack beside it.</param>
/// <param name="Entry">Its name in the zip archive at the address; null: it is what lies there itself.</param>
sealed record WantedFile(
    string Name, Uri Address, string? Split = null, long? Bytes = null, string? Sha256 = null, string? Unpack = null, string? Entry = null)
{
    /// <summary>Where it is, as the record says it: no secrets, and of an archive which entry, so that no two are taken for one.</summary>
    public string Source => WebAddress.Shown(Address) + (Entry is null ? "" : "#" + Entry);
}
