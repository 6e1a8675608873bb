namespace Cria.Data.Fetching;

/// <summary>A corpus that is known by a short name.</summary>
public sealed record NamedCorpus
{
    public required string Name { get; init; }

    /// <summary>What is in it, in a few words.</summary>
    public required string What { get; init; }

    /// <summary>Its licence, as its makers state it; the texts inside may have their own.</summary>
    public required string Licence { get; init; }

    /// <summary>What comes over the wire, in bytes; about, except where a hash is known.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether its addresses have been fetched from by those who wrote them down.</summary>
    public bool IsTried { get; init; }

    /// <summary>Its place on the hub; null where it has addresses.</summary>
    public HubRequest? Hub { get; init; }

    /// <summary>Its addresses; empty where it is on the hub.</summary>
    public IReadOnlyList<NamedAddress> Addresses { get; init; } = [];

    /// <summary>A page about it.</summary>
    public required string Home { get; init; }
}

/// <summary>A file of a named corpus.</summary>
/// <param name="File">Its name in the folder.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Bytes">Its length, where it is known.</param>
/// <param name="Sha256">Its hash, where it is known.</param>
/// <param name="Unpack">Of a zip archive, a pattern of the entries that are unpacked beside it; null: it is no archive.</param>
public sealed record NamedAddress(string File, Uri Address, long? Bytes = null, string? Sha256 = null, string? Unpack = null);
