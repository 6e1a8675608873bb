namespace Cria.Data.Fetching;

/// <summary>How long a fetch waits for a server, and how often it asks again.</summary>
public sealed record FetchPatience
{
    /// <summary>For a connection to be there.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For the headers of an answer, each redirection on its own.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the next <see cref="LeastBytes"/> of a file; a slower server counts as stalled.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What must come within <see cref="Stall"/>.</summary>
    public int LeastBytes { get; init; } = 1024;

    /// <summary>Attempts after the first, counted anew whenever a part of the file has come.</summary>
    public int Retries { get; init; } = 7;

    /// <summary>Attempts after the first while no server has answered anything yet: a wrong name is said soon.</summary>
    public int RetriesUnreached { get; init; } = 2;

    /// <summary>The wait before the first retry; it doubles with each, and half of it is left to chance.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that the doubling reaches.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest Retry-After that is waited for; a server that asks for more ends the fetch with a sentence.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(10);
}
