using System.Diagnostics;

namespace Cria.Cli.Tests;

/// <summary>The launcher in a repository of its own, with a `dotnet` that writes down what it is asked.</summary>
public sealed class LauncherTests : IDisposable
{
    const string FakeDotnet = """
        #!/bin/sh
        case "$1" in
            --list-sdks) cat "$FAKE/sdks" ;;
            build)
                echo build >> "$FAKE/calls"
                [ -f "$FAKE/slow" ] && sleep 1
                if [ -f "$FAKE/broken" ]; then echo "A.cs(1,1): error CS1002: ; expected"; exit 1; fi
                mkdir -p "$2/../../artifacts/bin/Cria.Cli/release"
                echo program > "$2/../../artifacts/bin/Cria.Cli/release/cria.dll" ;;
            *) shift; echo "ran $*"; exit 7 ;;
        esac
        """;

    readonly TemporaryFolder _folder = new();

    public LauncherTests()
    {
        Directory.CreateDirectory(_folder["src/Cria.Cli"]);
        Directory.CreateDirectory(_folder["recipes"]);
        Directory.CreateDirectory(_folder["fake"]);
        foreach (string file in (string[])["global.json", "Directory.Build.props", "src/Cria.Cli/Program.cs", "src/Cria.Cli/Extra.cs"])
            _folder.Write(file, "");
        _folder.Write("fake/sdks", "10.0.401 [/usr/share/dotnet/sdk]\n");
        _folder.Write("fake/dotnet", FakeDotnet.ReplaceLineEndings("\n"));
        if (OperatingSystem.IsWindows())
            return;
        File.Copy(Path.Combine(RepositoryRoot(), "cria"), _folder["cria"]);
        const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_folder["cria"], Executable);
        File.SetUnixFileMode(_folder["fake/dotnet"], Executable);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Builds_once_then_runs_with_the_programs_exit_code()
    {
        SkipOnWindows();
        Assert.Equal((7, "ran doctor --json\n"), Output(Launch("doctor", "--json")));
        Assert.Equal((7, "ran \n"), Output(Launch()));
        Assert.Equal(1, Builds());
    }

    [Fact]
    public void A_newer_a_new_and_a_removed_source_build_again()
    {
        SkipOnWindows();
        Launch();
        Age();
        Assert.Equal(1, Builds(Launch));
        File.SetLastWriteTimeUtc(_folder["src/Cria.Cli/Program.cs"], DateTime.UtcNow);
        Assert.Equal(2, Builds(Launch));
        Age();
        _folder.Write("src/Cria.Cli/New.cs", "");
        Assert.Equal(3, Builds(Launch));
        Age();
        File.Delete(_folder["src/Cria.Cli/Extra.cs"]);
        Assert.Equal(4, Builds(Launch));
    }

    [Fact]
    public void A_failed_build_shows_its_errors_and_runs_nothing()
    {
        SkipOnWindows();
        _folder.Write("fake/broken", "");
        (int code, string output, string error) = Launch();
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("error CS1002", error, StringComparison.Ordinal);
        File.Delete(_folder["fake/broken"]);
        Assert.Equal(7, Launch().Code);
    }

    [Fact]
    public void A_build_without_a_stamp_was_killed_and_is_made_again()
    {
        SkipOnWindows();
        Launch();
        File.Delete(_folder["artifacts/cria.stamp"]);
        Assert.Equal(2, Builds(Launch));
    }

    [Fact]
    public async Task Two_started_at_once_build_once_and_both_run()
    {
        SkipOnWindows();
        _folder.Write("fake/slow", "");
        var runs = await Task.WhenAll(Task.Run(() => Launch("a")), Task.Run(() => Launch("b")));
        Assert.All(runs, run => Assert.Equal(7, run.Code));
        Assert.Equal(1, Builds());
    }

    [Fact]
    public void Without_an_sdk_it_says_in_one_sentence_what_to_install()
    {
        SkipOnWindows();
        _folder.Write("fake/sdks", "8.0.100 [/usr/share/dotnet/sdk]\n");
        (int code, string output, string error) = Launch();
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(".NET 10 SDK", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Works_from_another_folder_through_a_symbolic_link()
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["elsewhere/link"], "../cria");
        Assert.Equal((7, "ran x y\n"), Output(Run(_folder["elsewhere/link"], _folder["elsewhere"], "x", "y")));
        Assert.True(File.Exists(_folder["artifacts/cria.stamp"]));
    }

    static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "cria.cmd is the launcher of Windows");

    static (int, string) Output((int Code, string Output, string Error) run) => (run.Code, run.Output);

    /// <summary>Everything becomes older than the stamp, whatever the file system's clock resolves.</summary>
    void Age()
    {
        DateTime past = DateTime.UtcNow.AddHours(-1);
        string[] inside = Directory.GetFileSystemEntries(_folder["src"], "*", SearchOption.AllDirectories);
        foreach (string path in inside.Concat(Directory.EnumerateFiles(_folder.Root)))
            File.SetLastWriteTimeUtc(path, past);
        Directory.SetLastWriteTimeUtc(_folder["src"], past);
        Directory.SetLastWriteTimeUtc(_folder["recipes"], past);
        File.SetLastWriteTimeUtc(_folder["artifacts/cria.stamp"], DateTime.UtcNow.AddSeconds(-5));
    }

    int Builds(Func<string[], (int, string, string)> launch)
    {
        launch([]);
        return Builds();
    }

    int Builds() => File.ReadAllLines(_folder["fake/calls"]).Length;

    (int Code, string Output, string Error) Launch(params string[] arguments) => Run(_folder["cria"], _folder.Root, arguments);

    (int Code, string Output, string Error) Run(string launcher, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(launcher, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder["fake"]}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["FAKE"] = _folder["fake"];
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    internal static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cria.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Cria.slnx above the tests");
        return folder;
    }
}
