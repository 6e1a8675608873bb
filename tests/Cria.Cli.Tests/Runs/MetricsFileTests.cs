using Cria.Cli.Runs;
using Cria.Training;

namespace Cria.Cli.Tests.Runs;

public sealed class MetricsFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Log => _folder["metrics.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_is_read_while_it_is_open_for_writing()
    {
        using MetricsLog log = new(Log, 0);
        log.Stepped(new(1, 5, 0.1f, 1, 128, 0.5));
        log.Evaluated(new(1, 8, 2, 0));
        log.Stepped(new(2, double.NaN, 0.2f, float.NaN, 256, 0.25));
        MetricsFile metrics = MetricsFile.Read(Log);
        Assert.Equal([new(1, 5)], metrics.Loss);
        Assert.Equal([new(1, 4)], metrics.Validation);
        Assert.Equal([1.0, 2.0], metrics.LearningRate.Select(point => point.X));
        Assert.Equal((0.75, 256, 1), (metrics.Seconds, metrics.Tokens, metrics.Skipped));
    }

    [Fact]
    public void Later_steps_than_the_last_are_left_out()
    {
        Write(steps: 4);
        MetricsFile metrics = MetricsFile.Read(Log, last: 2);
        Assert.Equal([1.0, 2.0], metrics.Loss.Select(point => point.X));
        Assert.Equal([1.0, 2.0], metrics.Validation.Select(point => point.X));
        Assert.Equal(1.0, metrics.Seconds);
    }

    [Theory]
    [InlineData("{\"step\":3,\"lo")]
    [InlineData("{\"step\":3,\"loss\":1.5,\"learning_rate\":0.1,\"gradient_norm\":1,\"tokens\":3,\"seconds\":0.5")]
    [InlineData("\0\0\0\0")]
    public void A_torn_last_line_is_left_out(string torn)
    {
        Write(steps: 2);
        File.AppendAllText(Log, torn);
        Assert.Equal([1.0, 2.0], MetricsFile.Read(Log).Loss.Select(point => point.X));
    }

    [Theory]
    [InlineData("{\"step\":3,\"lo")]
    [InlineData("{\"step\":3}")]
    [InlineData("{\"step\":\"three\",\"validation_loss\":1}")]
    [InlineData("[]")]
    [InlineData("")]
    public void A_damaged_line_before_others_is_refused_with_its_number(string damaged)
    {
        Write(steps: 2);
        string rows = File.ReadAllText(Log);
        File.WriteAllText(Log, rows + damaged + "\n" + rows);
        string message = Assert.Throws<TrainingException>(() => MetricsFile.Read(Log)).Message;
        Assert.Contains(Log, message, StringComparison.Ordinal);
        Assert.Contains("line 5,", message, StringComparison.Ordinal);
    }

    // Two lines a step.
    void Write(int steps)
    {
        using MetricsLog log = new(Log, 0);
        for (int step = 1; step <= steps; step++)
        {
            log.Stepped(new(step, 5, 0.1f, 1, 128, 0.5));
            log.Evaluated(new(step, 8, 2, 0));
        }
    }
}
