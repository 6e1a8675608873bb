using Cria.Data;

namespace Cria.Interop;

/// <summary>Reads small files of other programs whole; what goes wrong becomes one sentence.</summary>
static class SmallFile
{
    /// <param name="path">The file.</param>
    /// <param name="most">More bytes than any such file has.</param>
    /// <exception cref="DataException">It is absent, unreadable or larger.</exception>
    public static byte[] Read(string path, long most)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= most
                ? File.ReadAllBytes(path)
                : throw new DataException(
                    $"{path} has {length} bytes, more than any {Path.GetFileName(path)} ({most}); is it the right file?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
