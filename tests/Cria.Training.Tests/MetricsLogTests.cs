namespace Cria.Training.Tests;

public sealed class MetricsLogTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_resumed_log_is_cut_to_what_the_checkpoint_recorded()
    {
        long length;
        using (var log = new MetricsLog(_path, 0))
        {
            log.Stepped(new(1, 2.5, 0.1f, 1, 100, 0.5));
            length = log.Length;
            log.Stepped(new(2, 2.4, 0.1f, 1, 200, 0.5));
        }
        File.AppendAllText(_path, "{\"step\":3,\"lo"); // as a kill leaves it
        using (var log = new MetricsLog(_path, length))
            log.Stepped(new(2, 9.5, 0.1f, 1, 200, 0.5));
        string[] lines = File.ReadAllLines(_path);
        Assert.Equal(2, lines.Length);
        Assert.Contains("\"step\":1,\"loss\":2.5,", lines[0]);
        Assert.Contains("\"step\":2,\"loss\":9.5,", lines[1]);
    }

    [Fact]
    public void A_log_to_which_nothing_is_written_stays_as_it_is_unless_it_is_told_to_be_cut()
    {
        const string Lines = "{\"step\":1}\n{\"step\":2}\n";
        File.WriteAllText(_path, Lines);
        using (var log = new MetricsLog(_path, Lines.Length / 2))
            Assert.Equal(Lines.Length / 2, log.Length);
        Assert.Equal(Lines, File.ReadAllText(_path));
        using (var log = new MetricsLog(_path, Lines.Length / 2))
            log.Cut();
        Assert.Equal(Lines[..(Lines.Length / 2)], File.ReadAllText(_path));
    }

    [Fact]
    public void A_log_shorter_than_its_checkpoint_says_goes_on_after_its_last_whole_line()
    {
        File.WriteAllText(_path, "{}\n{\"step\":2,\"lo");
        using (var log = new MetricsLog(_path, 40))
        {
            Assert.Equal(37, log.Missing);
            log.Stepped(new(3, 2.5, 1e-3f, 1, 100, 0.5));
            log.Keep(log.Length);
        }
        string[] lines = File.ReadAllLines(_path);
        Assert.Equal("{}", lines[0]);
        Assert.StartsWith("{\"step\":3,", lines[1]);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void Numbers_read_back_equal_and_what_is_no_number_is_null()
    {
        using (var log = new MetricsLog(_path, 0))
        {
            log.Stepped(new(1, 1 / 3.0, 1e-7f, float.NaN, 100, 0.5));
            log.Stepped(new(2, double.PositiveInfinity, 1e-7f, 3, 200, 0.5));
            log.Evaluated(new(2, 70, 100, 50));
        }
        var rows = File.ReadLines(_path).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(1 / 3.0, rows[0].GetProperty("loss").GetDouble());
        Assert.Equal(1e-7f, rows[0].GetProperty("learning_rate").GetSingle());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, rows[0].GetProperty("gradient_norm").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, rows[1].GetProperty("loss").ValueKind);
        Assert.Equal(0.7, rows[2].GetProperty("validation_loss").GetDouble());
        Assert.Equal(70 / Math.Log(2) / 50, rows[2].GetProperty("bits_per_byte").GetDouble(), 12);
    }
}
