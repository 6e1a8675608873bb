namespace Cria.Data.Fetching;

/// <summary>How files are fetched; nothing here changes what is in them.</summary>
public sealed record FetchOptions
{
    /// <summary>The data hub, whose API and files <c>hf:</c> sources name.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The hub's access token; it is sent to <see cref="Endpoint"/>'s own host and nowhere else. Null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Requests under way at once, over all files.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>A larger file comes in pieces of this many bytes, side by side, where the server serves ranges.</summary>
    public long PieceBytes { get; init; } = 64 << 20;

    /// <summary>A file whose server does not say how long it is may grow to this many bytes.</summary>
    public long UnknownLengthBytes { get; init; } = 64L << 30;

    /// <summary>Whether files that are there already are hashed again; without it their size and date must be as recorded.</summary>
    public bool Verify { get; init; }

    public FetchPatience Patience { get; init; } = new();

    /// <summary>Measures the waits between attempts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The bytes that are free where a folder lies.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => DiskRoom.Free(folder) ?? long.MaxValue;

    /// <summary>Told what a person should know meanwhile, a sentence each: waits, fresh starts. Called from any thread.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
