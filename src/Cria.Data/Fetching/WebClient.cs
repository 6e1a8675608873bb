using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Cria.Data.Fetching;

/// <summary>
/// GET, one answer at a time: redirections followed by hand, so that the token stays with the hub and nobody leads from https to http.
/// Bodies come as they are stored: nothing is unpacked on the way.
/// </summary>
sealed class WebClient : IDisposable
{
    const int MostRedirections = 10;
    const int MostHeaderKilobytes = 64;

    readonly HttpClient _http;
    readonly FetchOptions _options;
    bool _hasReached;

    /// <exception cref="DataException">The hub's address is none, or a token would travel in the clear.</exception>
    public WebClient(FetchOptions options)
    {
        WebAddress.Endpoint(options.Endpoint);
        bool isOpen = options.Endpoint.Scheme != Uri.UriSchemeHttps && !options.Endpoint.IsLoopback;
        if (options.Token is not null && isOpen)
            throw new DataException($"{WebAddress.Shown(options.Endpoint)} is not encrypted, and the token would be read on the way; use an https address or no token.");
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = options.Patience.Connect,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // ours are finer
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("cria", null));
        _http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Whether any server has answered yet.</summary>
    public bool HasReached => Volatile.Read(ref _hasReached);

    /// <summary>The headers of an answer: 200, 206 or 416; its body is still to come, and the caller disposes it.</summary>
    /// <param name="address">What to get.</param>
    /// <param name="range">The bytes asked for, both ends counted; null for all.</param>
    /// <param name="validator">If-Range: the ETag or date of the file that the range continues.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PassingFault">Another attempt may help.</exception>
    /// <exception cref="RefusedFault">None would.</exception>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address, (long First, long Last)? range, string? validator, CancellationToken cancellation)
    {
        Uri at = address;
        for (int redirections = 0; redirections <= MostRedirections; redirections++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, at);
            if (range is { } bytes)
                request.Headers.Range = new RangeHeaderValue(bytes.First, bytes.Last);
            if (range is not null && validator is not null)
                request.Headers.TryAddWithoutValidation("If-Range", validator);
            if (_options.Token is { } token && WebAddress.IsSameServer(at, _options.Endpoint))
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");

            HttpResponseMessage response = await SendAsync(request, at, cancellation);
            Volatile.Write(ref _hasReached, true);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
                return response;
            using (response)
                at = IsRedirection(response) ? Next(at, response.Headers.Location) : throw Fault(at, response);
        }

        throw new DataException($"{WebAddress.Shown(address)} redirects more than {MostRedirections} times, "
            + $"at last to {WebAddress.Shown(at)}; check the address.");
    }

    public void Dispose() => _http.Dispose();

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Uri at, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.Patience.Headers);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            bool unreached = e.InnerException is TimeoutException;
            throw new PassingFault(
                $"{at.Host} did not answer within {_options.Patience.Headers.TotalSeconds:0.#} s", isUnreached: unreached, cause: e);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new DataException($"{at.Host} could not prove who it is: {Reason(e.InnerException)}; check the address and this machine's clock.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            bool unreached = e is HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError,
            };
            throw new PassingFault($"{at.Host} {(unreached ? "could not be reached" : "broke off")} ({Reason(e)})", isUnreached: unreached, cause: e);
        }
    }

    static string Reason(Exception e) => (e.InnerException ?? e).Message.TrimEnd('.');

    static bool IsRedirection(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    static Uri Next(Uri at, Uri? location)
    {
        if (location is null)
            throw new DataException($"{WebAddress.Shown(at)} redirects without saying where to; check the address.");
        if (!Uri.TryCreate(at, location, out Uri? next))
            throw new DataException($"{WebAddress.Shown(at)} redirects to something that is no address; check the address.");
        if (next.Scheme != Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttp)
            throw new DataException($"{WebAddress.Shown(at)} redirects to {next.Scheme}:, which is not followed; check the address.");
        if (at.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
            throw new DataException($"{WebAddress.Shown(at)} redirects to {next.Host} without encryption, which is not followed; check the address.");
        return next;
    }

    Exception Fault(Uri at, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        bool isPassing = status is 408 or 425 or 429 or 500 or 502 or 503 or 504 or (>= 520 and <= 530);
        return isPassing
            ? new PassingFault($"{at.Host} answered {status.ToString(CultureInfo.InvariantCulture)}", RetryAfter(response))
            : new RefusedFault(at, response.StatusCode, Header(response, "X-Error-Code"));
    }

    TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        TimeSpan? asked = header?.Delta ?? (header?.Date is { } date ? date - _options.Clock.GetUtcNow() : null);
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
