using System.Net;
using System.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Fetching;

/// <summary>A server's answer to a request for a file or a part of it, its claims checked; its body is still to come.</summary>
sealed class Answer : IDisposable
{
    readonly HttpResponseMessage _response;
    readonly SemaphoreSlim _connections;
    readonly FetchOptions _options;
    readonly WantedFile _wanted;

    Answer(HttpResponseMessage response, SemaphoreSlim connections, FetchOptions options, WantedFile wanted)
    {
        (_response, _connections, _options, _wanted) = (response, connections, options, wanted);
        Host = response.RequestMessage?.RequestUri?.Host ?? wanted.Address.Host;
    }

    /// <summary>Asks for a file, or for its bytes from first to last; holds one of the connections until it is disposed.</summary>
    public static async Task<Answer> AskAsync(
        Transfer transfer, WantedFile wanted, (long First, long Last)? range, string? validator, CancellationToken cancellation)
    {
        await transfer.Connections.WaitAsync(cancellation);
        HttpResponseMessage? response = null;
        try
        {
            response = await transfer.Web.GetAsync(wanted.Address, range, validator, cancellation);
            Answer answer = new(response, transfer.Connections, transfer.Options, wanted);
            if (!answer.IsBeyond)
                answer.Check(range);
            else if (range is null)
                throw new RefusedFault(wanted.Address, response.StatusCode, null);
            return answer;
        }
        catch
        {
            response?.Dispose();
            transfer.Connections.Release();
            throw;
        }
    }

    public string Host { get; }

    /// <summary>206: the body is the range that was asked for, or its beginning.</summary>
    public bool IsPart => _response.StatusCode == HttpStatusCode.PartialContent;

    /// <summary>416: the file has no such bytes.</summary>
    public bool IsBeyond => _response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable;

    /// <summary>The length of the whole file, where the server says it.</summary>
    public long? Length => IsPart || IsBeyond ? _response.Content.Headers.ContentRange?.Length : _response.Content.Headers.ContentLength;

    /// <summary>What tells this file from another at the same address: a strong ETag, else the date of its last change.</summary>
    public string? Validator => _response.Headers.ETag is { IsWeak: false } tag
        ? tag.Tag
        : _response.Content.Headers.LastModified?.ToString("r");

    /// <summary>Writes the body into a file, from a place on.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="at">The place of the first byte.</param>
    /// <param name="most">Bytes that may come; none beyond is written.</param>
    /// <param name="came">Told of every run of bytes once it is written.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The bytes that came; one more than the most where the body goes on behind them.</returns>
    public Task<long> CopyAsync(SafeFileHandle file, string path, long at, long most, Action<int> came, CancellationToken cancellation) =>
        PatientBody.ReadAsync(_response, Host, _options.Patience, most, bytes =>
        {
            Write(file, path, bytes.Span, at);
            at += bytes.Length;
            came(bytes.Length);
        }, cancellation);

    public void Dispose()
    {
        _response.Dispose();
        _connections.Release();
    }

    static void Write(SafeFileHandle file, string path, ReadOnlySpan<byte> bytes, long at)
    {
        try
        {
            RandomAccess.Write(file, bytes, at);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(path, e);
        }
    }

    void Check((long First, long Last)? range)
    {
        HttpContentHeaders headers = _response.Content.Headers;
        string shown = WebAddress.Shown(_wanted.Address);
        if (headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml" && !Ends(".html", ".htm", ".xhtml"))
        {
            throw new DataException($"{shown} answers with a web page instead of the file; it may want you to log in or to agree to "
                + "something: open it in a browser.");
        }

        if (headers.ContentEncoding.FirstOrDefault(e => e != "identity") is { } encoding && !Ends(".gz", ".tgz", ".br", ".zst"))
        {
            throw new DataException($"{shown} comes packed ({encoding}) though it was asked for as it is, so its length and hash cannot be "
                + "checked; fetch it by hand.");
        }

        if (IsPart)
            CheckRange(headers, range, shown);
        if (_wanted.Bytes is { } expected && Length is { } length && length != expected)
            throw new DataException($"{shown} has {length} bytes and should have {expected}; it was changed there, or {Host} is not what it should be.");
    }

    void CheckRange(HttpContentHeaders headers, (long First, long Last)? range, string shown)
    {
        ContentRangeHeaderValue? found = headers.ContentRange;
        if (range is not { } asked)
            throw new DataException($"{Host} answers with a part of {shown} though all of it was asked for; try again later or elsewhere.");
        bool isRight = found is { Unit: "bytes", From: { } from, To: { } to, Length: { } length }
            && from == asked.First && to <= asked.Last && to < length;
        if (!isRight)
        {
            throw new DataException($"{Host} answers with '{found?.ToString() ?? "no range"}' when bytes {asked.First}-{asked.Last} of {shown} "
                + "were asked for; try again later or elsewhere.");
        }

        if (headers.ContentLength is { } content && content != found!.To - found.From + 1)
            throw new DataException($"{Host} says {content} bytes for the range '{found}' of {shown}; try again later or elsewhere.");
    }

    bool Ends(params ReadOnlySpan<string> endings)
    {
        foreach (string ending in endings)
        {
            if (_wanted.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
