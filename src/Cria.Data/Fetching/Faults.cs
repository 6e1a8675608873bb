using System.Net;

namespace Cria.Data.Fetching;

/// <summary>Something that may be better at the next attempt.</summary>
/// <param name="message">Half a sentence that begins with the host or file.</param>
/// <param name="retryAfter">How long the server asks to wait.</param>
/// <param name="isUnreached">Whether no server answered at all.</param>
sealed class PassingFault(string message, TimeSpan? retryAfter = null, bool isUnreached = false, Exception? cause = null)
    : Exception(message, cause)
{
    public TimeSpan? RetryAfter => retryAfter;

    public bool IsUnreached => isUnreached;
}

/// <summary>The file is another one than the part that is there: it must be begun again.</summary>
sealed class ChangedFault(string message) : Exception(message);

/// <summary>A server said no, and would again.</summary>
/// <param name="address">What was asked for, redirections followed.</param>
/// <param name="status">Its answer.</param>
/// <param name="code">The hub's own word for the reason, from its header.</param>
sealed class RefusedFault(Uri address, HttpStatusCode status, string? code) : Exception
{
    public HttpStatusCode Status => status;

    public string? Code => code;

    /// <summary>The sentence for a server that is not the hub.</summary>
    public DataException Explain() => new(status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone =>
            $"{WebAddress.Shown(address)} does not exist (the server answered {(int)status}); check the address.",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            $"{WebAddress.Shown(address)} may not be read (the server answered {(int)status}); it may want you to log in: fetch it with a browser.",
        _ => $"{WebAddress.Shown(address)} cannot be fetched: the server answered {(int)status}; check the address.",
    }, this);
}
