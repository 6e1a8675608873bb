using System.Text;
using Cria.Data.Cleaning.BabyLm;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Cleaning.BabyLm;

public sealed class BabyLmCorpusTests
{
    [Fact]
    public void A_file_is_one_text_whatever_separators_and_line_ends_stand_in_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("in/bnc_spoken.train", Encoding.UTF8.GetBytes("Yes .\r\n\r\nNo .\r<|endoftext|>\n\n\u00e9\n"));
        folder.Write("in/qed.dev", Encoding.UTF8.GetBytes("HELLO YOU.\nbye\n"));
        var corpus = new BabyLmCorpus(isExact: true);
        corpus.Clean([folder["in"]], folder["out"], threads: 2, TestContext.Current.CancellationToken);
        Assert.Equal("Yes.No.\n<|endoftext|>\u00e9\n", File.ReadAllText(folder["out/bnc_spoken.train"]));
        Assert.Equal("Hello you.\nbye", File.ReadAllText(folder["out/qed.dev"]));
        Assert.Equal([29, 15], corpus.Files.Select(file => (int)file.CharactersBefore));
        Assert.Equal([23, 14], corpus.Files.Select(file => (int)file.CharactersAfter));
        Assert.Equal(2, Directory.GetFiles(folder["out"]).Length);
    }

    [Fact]
    public void The_fixed_files_are_read_back_as_their_documents()
    {
        using var folder = new TemporaryFolder();
        folder.Write("in/wikipedia.train", Encoding.UTF8.GetBytes("= = = A = = =\none\n= = = B = = =\ntwo\n"));
        var corpus = new BabyLmCorpus(isExact: false);
        corpus.Clean([folder["in"]], folder["out"], threads: 1, TestContext.Current.CancellationToken);
        Assert.Equal(["A\none", "B\ntwo"], DocumentReader.Open([folder["out"]]).Select(document => document.Text));
        Assert.Equal(2, Assert.Single(corpus.Files).Documents);
    }

    [Fact]
    public void Nothing_is_written_over_and_a_bad_file_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        folder.Write("in/qed.train", "text"u8);
        folder.Write("out/qed.train", "mine"u8);
        Assert.Contains("exists already", Refusal(folder), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["out/qed.train"]));
        File.Delete(folder["out/qed.train"]);
        folder.Write("in/qed.train", [65, 0xFF, 66]);
        Assert.Contains("is not UTF-8 (at byte 1)", Refusal(folder), StringComparison.Ordinal);
        folder.Write("in/qed.train", "text"u8);
        folder.Write("in/more/qed.train", "text"u8);
        Assert.Contains($"would both become {folder["out/qed.train"]}", Refusal(folder), StringComparison.Ordinal);
        folder.Write("in/other.train", "text"u8);
        Assert.Contains("no BabyLM cleaner for \"other\"", Refusal(folder), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["out"]));

        static string Refusal(TemporaryFolder folder) => Assert.Throws<DataException>(() =>
            new BabyLmCorpus(isExact: true).Clean([folder["in"]], folder["out"])).Message;
    }
}
