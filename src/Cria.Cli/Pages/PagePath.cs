using Cria.Cli.Frame;
using Cria.Reports.Pages;

namespace Cria.Cli.Pages;

/// <summary>Where a page may be written.</summary>
static class PagePath
{
    /// <exception cref="UsageException">The path is a folder's, or that of a file that is no page.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException($"--out {path} is a folder; name a file in it.");
        if (File.Exists(path) && !HtmlReport.Is(path))
            throw new UsageException($"--out {path} is there already, and it is no page of this program; choose another name.");
    }
}
