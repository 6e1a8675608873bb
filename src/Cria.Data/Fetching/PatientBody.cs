using System.Buffers;

namespace Cria.Data.Fetching;

/// <summary>The body of an answer, read as long as its server sends more than next to nothing.</summary>
static class PatientBody
{
    const int BufferBytes = 128 << 10;

    /// <param name="response">Whose body.</param>
    /// <param name="host">Its server, for messages.</param>
    /// <param name="patience">When a server counts as stalled.</param>
    /// <param name="most">Bytes that are taken.</param>
    /// <param name="came">Takes every run of bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The bytes that came; one more than the most where the body goes on behind them.</returns>
    /// <exception cref="PassingFault">The server stalled or broke off.</exception>
    public static async Task<long> ReadAsync(
        HttpResponseMessage response, string host, FetchPatience patience, long most, Action<ReadOnlyMemory<byte>> came,
        CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(patience.Stall);
        long read = 0, mark = 0;
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(stall.Token);
            while (true)
            {
                int wanted = (int)Math.Clamp(most - read, 1, buffer.Length); // behind the last byte one more, to see the end
                int count = await body.ReadAsync(buffer.AsMemory(0, wanted), stall.Token);
                if (count == 0)
                    return read;
                read += count;
                if (read > most)
                    return read;
                came(buffer.AsMemory(0, count));
                if (read - mark < patience.LeastBytes)
                    continue;
                mark = read;
                stall.CancelAfter(patience.Stall);
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PassingFault($"{host} sent next to nothing for {patience.Stall.TotalSeconds:0.#} s", cause: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PassingFault($"{host} broke off after {read} bytes", cause: e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
