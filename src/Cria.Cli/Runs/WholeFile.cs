using System.Text;
using Cria.Data;

namespace Cria.Cli.Runs;

/// <summary>
/// Text files that are whole or not there, and on the disk when the call returns: nobody ever reads half of one.
/// </summary>
static class WholeFile
{
    /// <exception cref="IOException">It cannot be written, in a sentence that names <paramref name="path"/>; what was there before is untouched.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            DurableFile.Write(path, Encoding.UTF8.GetBytes(text));
        }
        catch (DataException e) when (e.InnerException is { } cause)
        {
            throw new IOException($"{path} could not be written: {Reason(cause, path)}.", cause.HResult);
        }
    }

    // The system names the temporary file, of which nobody has heard.
    static string Reason(Exception e, string path) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "its folder does not exist, or takes no files",
        UnauthorizedAccessException => "its folder does not let you; choose another, or change its rights",
        _ => e.Message.Replace(Path.GetFullPath(path) + ".tmp", path, StringComparison.Ordinal).TrimEnd('.'),
    };
}
