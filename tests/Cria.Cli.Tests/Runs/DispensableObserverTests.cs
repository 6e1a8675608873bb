using Cria.Cli.Runs;
using Cria.Training;

namespace Cria.Cli.Tests.Runs;

public sealed class DispensableObserverTests
{
    static readonly StepMetrics Step = new(1, 2, 1e-3f, 1, 10, 0.1);

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_full_disk_is_said_once_and_the_run_goes_on(bool isForbidden)
    {
        List<string> said = [];
        var inner = new OnFullDisk(isForbidden);
        using (var observer = new DispensableObserver(inner, "the picture", said.Add))
        {
            observer.Stepped(Step);
            observer.Saved("step-1", 1);
            observer.Stepped(Step);
        }
        Assert.Equal(1, inner.Asked);
        Assert.True(inner.IsDisposed);
        string sentence = Assert.Single(said);
        Assert.Contains("the picture", sentence, StringComparison.Ordinal);
        Assert.Contains("no room", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_fails_only_at_the_end_is_said_too()
    {
        List<string> said = [];
        new DispensableObserver(new OnFullDisk(isForbidden: false), "the picture", said.Add).Dispose();
        Assert.Single(said);
    }

    [Fact]
    public void Other_errors_are_not_hidden()
    {
        using var observer = new DispensableObserver(new OnFullDisk(isForbidden: false), "the picture", _ => { });
        Assert.Throws<InvalidOperationException>(() => observer.Evaluated(new(1, 2, 3, 4)));
    }

    sealed class OnFullDisk(bool isForbidden) : IObserver, IDisposable
    {
        public int Asked { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Stepped(StepMetrics metrics) => Fail();

        public void Evaluated(EvaluationMetrics metrics) => throw new InvalidOperationException();

        public void Saved(string folder, int step) => Fail();

        public void Dispose()
        {
            IsDisposed = true;
            throw new IOException("no room at the end");
        }

        void Fail()
        {
            Asked++;
            throw isForbidden ? new UnauthorizedAccessException("no room for you.") : new IOException("no room.");
        }
    }
}
