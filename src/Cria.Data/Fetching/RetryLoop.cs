using System.Diagnostics;

namespace Cria.Data.Fetching;

/// <summary>
/// Attempts with growing waits between them (exponential back-off with jitter): the wait doubles from one failure to the next, half
/// of it is random, so that many clients of a server in trouble do not come back in step. A Retry-After that asks for more is waited for
/// as it stands; one that asks for less does not use up the attempts at once.
/// </summary>
sealed class RetryLoop(FetchOptions options, Func<bool> hasReached)
{
    const long ProgressBytes = 1 << 20; // a cut connection that brought less has not helped

    /// <param name="position">How far the work is, in bytes; what has moved on may fail anew.</param>
    /// <param name="attempt">Throws <see cref="PassingFault"/> where another attempt may help.</param>
    public async Task<T> RunAsync<T>(Func<long> position, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation)
    {
        long reached = position();
        for (int failures = 1; ; failures++)
        {
            try
            {
                return await attempt(cancellation);
            }
            catch (PassingFault fault)
            {
                if (position() - reached >= ProgressBytes)
                    (reached, failures) = (position(), 1);
                int most = fault.IsUnreached && !hasReached() ? options.Patience.RetriesUnreached : options.Patience.Retries;
                if (failures > most)
                {
                    string again = position() > 0 ? "run the same command again, and it goes on from there" : "try again later";
                    throw new DataException($"{fault.Message}, {failures} times; {again}.", fault);
                }

                TimeSpan wait = Wait(fault, failures);
                options.Say($"{fault.Message}; next attempt in {wait.TotalSeconds:0.#} s.");
                await Task.Delay(wait, options.Clock, cancellation);
            }
        }
    }

    TimeSpan Wait(PassingFault fault, int failures)
    {
        FetchPatience patience = options.Patience;
        TimeSpan asked = fault.RetryAfter ?? TimeSpan.Zero;
        if (asked > patience.LongestRetryAfter)
            throw new DataException($"{fault.Message} and asks to wait {asked.TotalMinutes:0} minutes; run the same command again then.", fault);
        double doubled = patience.FirstWait.TotalSeconds * Math.Pow(2, failures - 1);
        double longest = Math.Min(doubled, patience.LongestWait.TotalSeconds);
        double chance = KeyedHash.Mix((ulong)Stopwatch.GetTimestamp()) / (double)ulong.MaxValue; // no result depends on it
        TimeSpan own = TimeSpan.FromSeconds(longest * (1 + chance) / 2);
        return asked > own ? asked : own;
    }
}
