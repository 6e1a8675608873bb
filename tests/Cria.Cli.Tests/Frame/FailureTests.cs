using Cria.Cli.Frame;
using Cria.Data;

namespace Cria.Cli.Tests.Frame;

public sealed class FailureTests
{
    [Fact]
    public void A_full_disk_names_the_file_and_what_to_do()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        IOException exception = Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "x"));
        string sentence = Failure.Sentence(exception);
        Assert.Contains("disk is full", sentence, StringComparison.Ordinal);
        Assert.Contains("/dev/full", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_disk_names_the_file_and_what_to_do() =>
        Assert.Equal("Read-only file system : '/runs/one'. Name a folder that can be written.",
            Failure.Sentence(new IOException("Read-only file system : '/runs/one'", 30)));

    [Fact]
    public void Our_own_exceptions_speak_for_themselves() =>
        Assert.Equal("stories.txt is empty.", Failure.Sentence(new DataException("stories.txt is empty")));

    [Fact]
    public void What_nobody_foresaw_is_called_a_fault_of_ours() =>
        Assert.Contains("CRIA_TRACE=1", Failure.Sentence(new InvalidOperationException("oops")), StringComparison.Ordinal);

    [Theory]
    [InlineData("optimiser", "optimizer")]
    [InlineData("setps", "steps")]
    [InlineData("learnign_rate", "learning_rate")]
    public void The_nearest_name_forgives_typing_errors(string word, string expected) =>
        Assert.Equal(expected, NearestName.Of(word, ["optimizer", "steps", "learning_rate", "seed"]));

    [Fact]
    public void Nothing_near_is_nothing() => Assert.Null(NearestName.Of("xylophone", ["seed", "steps"]));
}
