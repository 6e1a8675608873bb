namespace Cria.Cli.Runs;

/// <summary>Text files that are whole or not there: written under a temporary name, then renamed over the old one.</summary>
static class WholeFile
{
    public static void Write(string path, string text)
    {
        string temporary = path + ".tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
