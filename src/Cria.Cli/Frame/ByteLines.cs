namespace Cria.Cli.Frame;

/// <summary>The lines of a stream as bytes, whatever they hold; <c>\n</c> ends a line and is not part of it.</summary>
static class ByteLines
{
    const int BufferBytes = 1 << 16;

    public static IEnumerable<byte[]> Of(Stream stream)
    {
        byte[] buffer = new byte[BufferBytes];
        using MemoryStream line = new();
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            int start = 0;
            while (Array.IndexOf(buffer, (byte)'\n', start, count - start) is >= 0 and int end)
            {
                line.Write(buffer, start, end - start);
                yield return line.ToArray();
                line.SetLength(0);
                start = end + 1;
            }

            line.Write(buffer, start, count - start);
        }

        if (line.Length > 0)
            yield return line.ToArray();
    }
}
