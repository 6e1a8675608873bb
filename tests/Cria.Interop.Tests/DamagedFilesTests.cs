using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Cria.Interop.Tests;

/// <summary>Thousands of damaged files of each format, read in a process of its own with little memory and little time.</summary>
public sealed class DamagedFilesTests
{
    /// <summary>The runtime's heap: a reader that believes a lie of some hundred megabytes dies.</summary>
    const string HeapLimit = "0x8000000"; // 128 MB

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("safetensors"), InlineData("config"), InlineData("tokenizer"), InlineData("sentencepiece")]
    [InlineData("generation-config"), InlineData("index")]
    [InlineData("gguf"), InlineData("llama2c"), InlineData("llama2c-v1"), InlineData("llama2c-tokenizer"), InlineData("tokenizer-parts")]
    public Task Each_damaged_file_is_refused_in_a_sentence_or_does_no_harm(string format) => Attack(format, IsSlow ? 10_000 : 300);

    /// <summary>Fewer, because a file that is read must have all the 50,256 tokens of a published encoding.</summary>
    [Fact]
    public Task So_is_a_damaged_rank_file() => Attack("tiktoken", IsSlow ? 400 : 20);

    static bool IsSlow => Environment.GetEnvironmentVariable("CRIA_SLOW") == "1";

    static async Task Attack(string format, int files)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Cria.Fuzz.dll");
        var start = new ProcessStartInfo("dotnet", [program, format, files.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var faults = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"{format}: {files} files took more than {Patience}");
        }
        Assert.True(process.ExitCode == 0, await faults + await output);
        using var summary = JsonDocument.Parse(await output);
        Assert.Equal((files, files / 2), (Number("files"), Number("structured")));
        Assert.True(Number("refused") >= files / 4, await output); // lies that change nothing would be accepted

        int Number(string name) => summary.RootElement.GetProperty(name).GetInt32();
    }
}
