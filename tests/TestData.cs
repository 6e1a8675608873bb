namespace Cria;

/// <summary>Real data beside the repository; tests that need it skip, with the reason, where it is not.</summary>
static class TestData
{
    /// <summary>CRIA_DATA, or ../shared/data seen from the repository.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("CRIA_DATA") is { Length: > 0 } set ? set : Default();

    public static void Need(string path) =>
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"data is missing: {path}; set CRIA_DATA");

    static string Default()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cria.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests lie outside the repository");
        return Path.GetFullPath(Path.Combine(folder, "..", "shared", "data"));
    }
}
