using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Cria.Cli.Pages;
using Cria.Cli.Tests.Runs;
using Cria.Tests;
using Cria.Training;
using Cria.Training.Observation;

namespace Cria.Cli.Tests.Pages;

public sealed partial class ReportTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_unfinished_runs_page_is_made_from_its_folder_alone()
    {
        string run = MadeRun.Write(_folder["run"]);
        CriaProcess.Succeed("report", run);
        string page = File.ReadAllText(Path.Combine(run, "report.html"));
        foreach (string word in (string[])["step 200 of 1,000, not finished", "validation, ema", "Learning rate", "Clip rate", "Relative update", "self_attn",
            "Share of the peak (MFU) = tokens/s × FLOPs a token ÷ peak", "6 × 166,667 matmul weights", "measured for the test", "Where the time went",
            "a time 150", "a machine of wood", "learning_rate: 0.001", "spike"])
            Assert.Contains(word, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (Match svg in Svg().Matches(page))
            XDocument.Parse(svg.Value);
    }

    [Fact]
    public void A_run_of_the_first_version_has_a_page_that_says_what_is_not_known()
    {
        string run = MadeRun.Write(_folder["old"]);
        File.WriteAllLines(Path.Combine(run, "metrics.jsonl"), Enumerable.Range(1, 50).Select(step =>
            FormattableString.Invariant($$"""{"step":{{step}},"loss":{{MadeRun.Loss(step)}},"learning_rate":0.001,"gradient_norm":1,"tokens":{{step * 100}},"seconds":0.5}""")));
        string page = RunPage.Of(RecordedRun.Open(run)).ToHtml();
        Assert.Contains("The share of the peak (MFU) is not known", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("-1 %", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_rolled_back_is_no_part_of_the_curves()
    {
        string run = MadeRun.Write(_folder["run"], steps: 100);
        using (MetricsLog log = new(Path.Combine(run, "metrics.jsonl"), new FileInfo(Path.Combine(run, "metrics.jsonl")).Length))
        {
            log.Happened(new RolledBack(100, 60, "a spike"));
            log.Stepped(new(61, 2.5, 1e-3f, 1, 61 * 128, 0.01));
        }
        var metrics = RecordedRun.Open(run).Metrics;
        Assert.Equal(Enumerable.Range(1, 61), metrics.Steps.Select(step => step.Step));
        Assert.Equal(2.5, metrics.Loss[^1].Y);
        Assert.Equal([50.0], metrics.Validation.Select(held => held.X));
        Assert.Equal(1.01, metrics.Seconds, 6);
        Assert.Equal(12_800, metrics.Steps[^1].TokensPerSecond, 6);
    }

    [Fact]
    public void Plans_of_a_time_budget_are_one_line_of_the_events_and_no_marks()
    {
        string run = MadeRun.Write(_folder["run"], steps: 150), path = Path.Combine(run, "metrics.jsonl");
        using (MetricsLog log = new(path, new FileInfo(path).Length))
            for (int plan = 0; plan < 35; plan++)
                log.Happened(new Replanned(plan + 5, 304 + plan, 60));
        string page = RunPage.Of(RecordedRun.Open(run)).ToHtml();
        Assert.Contains("the time ends at step 304 → 338, planned 35 times", page, StringComparison.Ordinal);
        Assert.DoesNotContain("the budget ends at", page, StringComparison.Ordinal);
        Assert.DoesNotContain("replanned", page, StringComparison.Ordinal);
        Assert.Contains("step 120: loss spike", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_losses_of_several_runs_are_one_picture()
    {
        string first = MadeRun.Write(_folder["first"]), second = MadeRun.Write(_folder["second"], steps: 100), picture = _folder["losses.svg"];
        CriaProcess.Succeed("report", first, second, "--picture", picture);
        string drawn = File.ReadAllText(picture);
        XDocument.Parse(drawn);
        foreach (string word in (string[])["first", "second", "Validation loss by steps"])
            Assert.Contains(word, drawn, StringComparison.Ordinal);
        Assert.False(File.Exists("comparison.html"));

        string page = Path.Combine(first, "metrics.jsonl");
        var (code, output, error) = CriaProcess.Run("report", first, "--picture", page);
        Runs.Refusal.Assert(2, code, output, error, "ends in .svg");
        Assert.NotEqual(0, CriaProcess.Run("report", first, "--picture", picture, "--tensorboard").Code);
    }

    [Fact]
    public void A_run_that_has_done_no_step_has_a_page()
    {
        string page = RunPage.Of(RecordedRun.Open(MadeRun.Write(_folder["run"], steps: 0))).ToHtml();
        Assert.Contains("step 0 of 1,000, not finished", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_written_over_and_nothing_else_is()
    {
        string run = MadeRun.Write(_folder["run"], steps: 5), recipe = Path.Combine(run, "recipe.yaml"), page = _folder["page.html"];
        CriaProcess.Succeed("report", run, "--out", page);
        CriaProcess.Succeed("report", run, "--out", page);
        string before = File.ReadAllText(recipe);
        var (code, _, error) = CriaProcess.Run("report", run, "--out", recipe);
        Assert.Equal(2, code);
        Assert.Contains("is no page of this program", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(recipe));
    }

    [Fact]
    public void Runs_are_compared_on_one_page_and_for_programs()
    {
        string first = MadeRun.Write(_folder["first"]);
        string second = MadeRun.Write(_folder["second"], steps: 100, overrides: "optimizer.learning_rate=2e-3");
        string page = _folder["both.html"];
        JsonNode json = JsonNode.Parse(CriaProcess.Succeed("report", first, second, "--out", page, "--json"))!;
        Assert.Equal(["first", "second"], json["runs"]!.AsArray().Select(run => (string)run!["name"]!));
        Assert.Equal(200, (int)json["runs"]![0]!["steps"]!);
        Assert.Equal(200 * 128 * 1e6, (double)json["runs"]![0]!["training_flops"]!);
        Assert.Equal("optimizer.learning_rate", (string)Assert.Single(json["differences"]!.AsArray())!["path"]!);
        string html = File.ReadAllText(page);
        foreach (string word in (string[])["2 runs", "Settings that differ", "optimizer.learning_rate", "Validation loss by tokens", "Validation loss by minutes", "Validation loss by compute"])
            Assert.Contains(word, html, StringComparison.Ordinal);
        foreach (Match svg in Svg().Matches(html))
            XDocument.Parse(svg.Value);
    }

    [Fact]
    public void A_run_that_is_named_twice_is_refused()
    {
        string run = MadeRun.Write(_folder["sweep/runs/a"], steps: 5);
        foreach (string again in (string[])[run, run + "/", _folder["sweep"]])
        {
            (int code, string output, string error) = CriaProcess.Run("report", run, again, "--out", _folder["page.html"]);
            Refusal.Assert(2, code, output, error, run, "named twice");
        }
        Assert.False(File.Exists(_folder["page.html"]));
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_named_as_it_was_given()
    {
        string run = MadeRun.Write(_folder["run"], steps: 5), page = _folder["no/such/page.html"];
        (int code, string output, string error) = CriaProcess.Run("report", run, "--out", page);
        Refusal.Assert(1, code, output, error, $"{page} could not be written");
        Assert.DoesNotContain(".tmp", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_runs_is_all_of_them()
    {
        MadeRun.Write(_folder["sweep/runs/a"]);
        MadeRun.Write(_folder["sweep/runs/b"]);
        JsonNode json = JsonNode.Parse(CriaProcess.Succeed("report", _folder["sweep"], "--out", _folder["page.html"], "--json"))!;
        Assert.Equal(["a", "b"], json["runs"]!.AsArray().Select(run => (string)run!["name"]!));
    }

    [Fact]
    public void Folders_without_a_run_get_one_sentence()
    {
        Directory.CreateDirectory(_folder["empty"]);
        string half = MadeRun.Write(_folder["half"]);
        File.Delete(Path.Combine(half, "metrics.jsonl"));
        string torn = MadeRun.Write(_folder["torn"]);
        File.WriteAllText(Path.Combine(torn, "metrics.jsonl"), "{\"step\":1\n{}\n");
        foreach (string path in (string[])[_folder["empty"], _folder["nothing"], half, torn])
        {
            var (code, _, error) = CriaProcess.Run("report", path);
            Assert.True(code is 1 or 2, error);
            Assert.Contains(path, error, StringComparison.Ordinal);
            Assert.Single(error.Trim().Split('\n'));
        }
    }

    [Fact]
    public void Event_files_are_made_from_the_metrics_and_no_step_stands_there_twice()
    {
        string run = MadeRun.Write(_folder["run"]);
        CriaProcess.Succeed("report", run, "--tensorboard");
        CriaProcess.Succeed("report", run, "--tensorboard");
        var events = EventFile.Read(Assert.Single(Directory.GetFiles(run, "events.out.tfevents.*")));
        Assert.Equal(Enumerable.Range(1, 200).Select(step => (long)step), events.Where(e => e.Values.ContainsKey("train/loss")).Select(e => e.Step));
        Assert.All(events.Where(e => e.Values.ContainsKey("train/loss")), e => Assert.Equal((float)MadeRun.Loss((int)e.Step), e.Values["train/loss"]));
        Assert.Equal([50L, 100, 150, 200], events.Where(e => e.Values.ContainsKey("validation_ema/loss")).Select(e => e.Step));
        Assert.Equal(10, events.Count(e => e.Values.ContainsKey("norms_gradient/model.layers.0.self_attn")));
        Assert.Equal(1.28, events.Last(e => e.Values.ContainsKey("speed/share_of_peak")).Values["speed/share_of_peak"], 1e-4);
        Assert.Contains("learning_rate: 0.001", events.Single(e => e.Texts.ContainsKey("recipe")).Texts["recipe"], StringComparison.Ordinal);
        Assert.Contains(events, e => e.Texts.TryGetValue("sample/1", out string? text) && text.Contains("a time 100", StringComparison.Ordinal));
        Assert.Equal(events.Select(e => e.WallTime).Order(), events.Select(e => e.WallTime));
    }

    [Fact]
    public void A_long_run_is_a_page_of_moderate_size_that_keeps_a_spike()
    {
        string run = MadeRun.Write(_folder["long"], steps: 1);
        using (StreamWriter metrics = new(Path.Combine(run, "metrics.jsonl")))
            for (int step = 1; step <= 200_000; step++)
                metrics.Write(FormattableString.Invariant(
                    $$"""{"step":{{step}},"loss":{{(step == 77_777 ? 99.5 : 2)}},"learning_rate":0.001,"gradient_norm":1,"tokens":{{step}},"seconds":0.1,"clip_factor":1}""") + "\n");
        string page = RunPage.Of(RecordedRun.Open(run)).ToHtml();
        Assert.InRange(page.Length, 10_000, 1_000_000);
        Assert.Contains(">100</text>", page, StringComparison.Ordinal); // the axis reaches the spike
    }

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();
}
