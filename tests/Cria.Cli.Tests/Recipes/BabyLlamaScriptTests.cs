using System.Diagnostics;
using System.Text.Json;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The scripts around BabyLlama's recipes: the way in small as one command, and what the experiments say they cost.</summary>
public sealed class BabyLlamaScriptTests : IDisposable
{
    static readonly string Root = LauncherTests.RepositoryRoot();

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void In_small_one_command_makes_tokenizer_teachers_and_student_and_the_next_time_nothing()
    {
        SlowTests.Only();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for bash");
        string train = Path.Combine(TestData.Root, "classics", "children_train.txt"), valid = Path.Combine(TestData.Root, "classics", "children_valid.txt");
        TestData.Need(train);
        Directory.CreateDirectory(_folder["classics"]);
        Beginning(train, _folder["classics/children_train.txt"], 1_200_000);
        Beginning(valid, _folder["classics/children_valid.txt"], 20_000);
        Dictionary<string, string> variables = new()
        {
            ["CRIA_DATA"] = _folder.Root,
            ["CRIA"] = Program(),
            ["OUT"] = _folder["out"],
            ["ARGS"] = "--brief --set steps=4 --set schedule.warmup_steps=2 --set evaluate.every=4",
        };
        var (code, output, error) = Run("bash", variables, Path.Combine(Root, "recipes", "babyllama", "small", "run.sh"));
        Assert.True(code == 0, error);
        Assert.Contains("student-1M against twin-1M", output, StringComparison.Ordinal);
        using JsonDocument result = JsonDocument.Parse(File.ReadAllBytes(_folder["out/student-1M/result.json"]));
        Assert.Equal(["llama-3M", "gpt-3M"], result.RootElement.GetProperty("consumed").EnumerateArray().Select(run => run.GetProperty("name").GetString()));
        Assert.Equal(865_152, result.RootElement.GetProperty("parameters").GetInt64());

        DateTime written = File.GetLastWriteTimeUtc(_folder["out/llama-3M/result.json"]);
        Assert.Equal(0, Run("bash", variables, Path.Combine(Root, "recipes", "babyllama", "small", "run.sh")).Code);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder["out/llama-3M/result.json"]));
    }

    [Fact]
    public void Ten_files_become_the_tokenizer_and_the_shards_that_the_recipes_name_and_the_next_time_nothing()
    {
        SlowTests.Only();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for bash");
        string[] sources = ["aochildes", "bnc_spoken", "cbt", "children_stories", "gutenberg", "open_subtitles", "qed", "simple_wikipedia", "switchboard", "wikipedia"];
        foreach (var (folder, ending) in new[] { ("babylm-10m", "train"), ("babylm-dev", "dev") })
        {
            Directory.CreateDirectory(_folder[$"data/{folder}"]);
            foreach (string source in sources)
                File.WriteAllText(_folder[$"data/{folder}/{source}.{ending}"], $"The cat of text {source.Length}{source[0]} said 's morning , and again : the ﬁsh .\nThe fish of {source[..3]} swims .\n");
        }
        Dictionary<string, string> variables = new() { ["CRIA"] = Program(), ["DATA"] = _folder["data"] }; // fetched already
        string script = Path.Combine(Root, "recipes", "babyllama", "prepare.sh");
        var (code, output, error) = Run("bash", variables, script);
        Assert.True(code == 0, error);
        Assert.Contains("dev tokenizer train-10M", output, StringComparison.Ordinal);
        using JsonDocument train = JsonDocument.Parse(File.ReadAllBytes(_folder["data/babyllama/train-10M/manifest.json"]));
        Assert.Equal(10, train.RootElement.GetProperty("documents").GetInt32());
        Assert.Equal(2, train.RootElement.GetProperty("end_of_text").GetInt32()); // </s>
        DateTime written = File.GetLastWriteTimeUtc(_folder["data/babyllama/train-10M/manifest.json"]);
        Assert.Equal(0, Run("bash", variables, script).Code);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder["data/babyllama/train-10M/manifest.json"]));
    }

    [Theory]
    [InlineData("babyllama.py", "student of twin and GPT-2, T = 1", "min  in all")]
    [InlineData("three_way.py", "learning rates at 25% of the tokens", "min  in all")]
    public void An_experiment_says_what_it_costs_and_stops(string script, params string[] said)
    {
        string python = OperatingSystem.IsWindows() ? "python" : "python3";
        Assert.SkipUnless(Has(python), $"{python} is not here");
        var (code, output, error) = Run(python, [], Path.Combine(Root, "bench", script), "cost", "--out", _folder["out"], "--results", _folder["results"]);
        Assert.True(code == 0, error);
        foreach (string words in said)
            Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]) || Directory.Exists(_folder["results"]));
    }

    static void Beginning(string from, string to, int bytes)
    {
        byte[] text = new byte[bytes];
        using (FileStream file = File.OpenRead(from))
            file.ReadExactly(text);
        File.WriteAllBytes(to, text.AsSpan(0, text.AsSpan().LastIndexOf((byte)'\n') + 1));
    }

    // One word that runs what was built with these tests, and fetches nothing.
    string Program()
    {
        string path = _folder.Write("cria", $"#!/bin/sh\n[ \"$2\" != fetch ] || exit 0\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "cria.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));

    static (int Code, string Output, string Error) Run(string program, Dictionary<string, string> variables, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
