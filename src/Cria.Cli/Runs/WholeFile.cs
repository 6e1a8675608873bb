namespace Cria.Cli.Runs;

/// <summary>
/// Text files that are whole or not there: written under a temporary name, then renamed over the old one, so that nobody ever
/// reads half of one.
/// </summary>
static class WholeFile
{
    /// <exception cref="IOException">It cannot be written, in a sentence that names <paramref name="path"/>; what was there before is untouched.</exception>
    public static void Write(string path, string text)
    {
        string temporary = path + ".tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} could not be written: {Reason(e, path, temporary)}.", e.HResult);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    // The system names the temporary file, of which nobody has heard.
    static string Reason(Exception e, string path, string temporary) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "its folder does not exist, or takes no files",
        UnauthorizedAccessException => "its folder does not let you; choose another, or change its rights",
        _ => e.Message.Replace(Path.GetFullPath(temporary), path, StringComparison.Ordinal).TrimEnd('.'),
    };
}
