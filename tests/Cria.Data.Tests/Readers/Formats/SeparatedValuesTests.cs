using System.Text;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Readers.Formats;

public sealed class SeparatedValuesTests
{
    [Theory]
    [InlineData("text\none\ntwo", "one|two")]
    [InlineData("text\r\none\r\ntwo\r\n", "one|two")]
    [InlineData("text\n\none\n\n\ntwo\n\n", "one|two")]
    [InlineData("id,text\n1,one\n2,two\n", "one|two")]
    [InlineData("text,id\n\"a, b\",1\n\"say \"\"hi\"\"\",2\n", "a, b|say \"hi\"")]
    [InlineData("text,id\n\"a\nb\r\nc\",1\n\"\"\"\",2\n\"\"\"\"\"\",3", "a\nb\r\nc|\"|\"\"")]
    [InlineData("\"id\",\"text\"\n1,\"one\"\n2,\"two\"", "one|two")]
    [InlineData("\uFEFF\"text\"\nBOM", "BOM")]
    [InlineData("id,text\n1,5\" pipe\n2,he said \"so\"\n", "5\" pipe|he said \"so\"")]
    [InlineData("id,text\n1,\"last\"", "last")]
    [InlineData("id,text\r\n1,lone \r inside\r\n", "lone \r inside")]
    [InlineData("text,text\nfirst,second\n", "first")]
    public void Rows_become_documents(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.csv", Encoding.UTF8.GetBytes(content));
        DocumentReader reader = DocumentReader.Open([path]);
        Assert.Equal(expected, string.Join('|', reader.Select(d => d.Text)));
        Assert.Equal(0, reader.Statistics.BadLines);
    }

    [Fact]
    public void Rows_of_other_widths_and_text_behind_a_quote_are_counted_with_their_place()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.csv", "id,text\n1\n2,two\n3,\"a\nb\",x\n4,\"good\"bad\n5,\n6,\"six\"\n"u8);
        DocumentReader reader = DocumentReader.Open([path]);
        Assert.Equal([$"{path}:3 two", $"{path}:8 six"], reader.Select(d => $"{d.Place} {d.Text}"));
        Assert.Equal(3, reader.Statistics.BadLines);
        Assert.Equal(1, reader.Statistics.EmptyDocuments);
        Assert.StartsWith($"{path}:2 has 1 of the 2 columns", reader.Statistics.BadLineExamples[0], StringComparison.Ordinal);
        Assert.StartsWith($"{path}:4 has more fields than the 2", reader.Statistics.BadLineExamples[1], StringComparison.Ordinal);
        Assert.StartsWith($"{path}:6 has text behind the quote", reader.Statistics.BadLineExamples[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_found_by_name_and_a_wrong_name_shows_the_right_ones()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.tsv", "author\tbody\nCarroll\tDown\nNesbit\t\"The\tsand\"\n"u8);
        var options = new ReaderOptions { TextField = "body", GroupField = "author" };
        Assert.Equal(["Carroll Down", "Nesbit The\tsand"], DocumentReader.Open([path], options).Select(d => $"{d.Group} {d.Text}"));
        Assert.Equal($"{path} has no column \"text\"; its columns are author, body: name one of them.", Fault(path));
        Assert.Contains("no column \"writer\"", Fault(path, options with { GroupField = "writer" }), StringComparison.Ordinal);
        Assert.Contains("name two", Fault(path, options with { GroupField = "body" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_without_the_column_is_left_out_of_a_folder_with_a_word()
    {
        using var folder = new TemporaryFolder();
        string other = folder.Write("a.tsv", "title\tyear\nAlice\t1865\n"u8);
        folder.Write("b.csv", "id,text\n1,one\n"u8);
        DocumentReader reader = DocumentReader.Open([folder.Path]);
        Assert.Equal("one", Assert.Single(reader).Text);
        Assert.StartsWith($"{other} has no column \"text\"", Assert.Single(reader.Statistics.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, reader.Statistics.BadLines);
    }

    [Theory]
    [InlineData("")] // it ends in the first block
    [InlineData("1,\"a row that does not end")]
    public void What_a_table_that_is_left_out_holds_further_on_does_not_matter(string row)
    {
        using var folder = new TemporaryFolder();
        string content = "id,title\n1,\"never closed" + string.Concat(Enumerable.Repeat(row, 100));
        folder.Write("a.csv", Encoding.UTF8.GetBytes(content));
        folder.Write("b.csv", "id,text\n1,one\n"u8);
        DocumentReader reader = DocumentReader.Open([folder.Path], new ReaderOptions { MaxDocumentBytes = 100 });
        Assert.Equal("one", Assert.Single(reader).Text);
        Assert.Single(reader.Statistics.Warnings);
    }

    [Theory]
    [InlineData("id,text\n1,one\n2,\"never\nends\n3,three\n", 3)]
    [InlineData("\"id,text\n1,one", 1)]
    [InlineData("text\n\"\"\"", 2)]
    public void A_quote_that_stays_open_is_refused_with_its_line(string content, int line)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.csv", Encoding.UTF8.GetBytes(content));
        Assert.StartsWith($"{path}:{line} opens a quote that is never closed", Fault(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_that_swallows_the_file_is_refused_at_the_limit_and_not_at_its_end()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.csv", Encoding.UTF8.GetBytes("text\nfirst\n\"" +
            string.Concat(Enumerable.Repeat("line\n", 600_000))));
        string fault = Fault(path, new ReaderOptions { MaxDocumentBytes = 1 << 20 });
        Assert.StartsWith($"{path}:3 begins a row of more than 1 MB", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_alone_holds_no_text()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("holds no text", Fault(folder.Write("a.csv", "id,text\n"u8)), StringComparison.Ordinal);
        Assert.Contains("holds no text", Fault(folder.Write("b.csv", "id,text"u8)), StringComparison.Ordinal);
        Assert.Contains("no column", Fault(folder.Write("c.csv", "\n\n"u8)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_nothing_but_commas_costs_no_more_than_itself()
    {
        using var folder = new TemporaryFolder();
        byte[] commas = new byte[2_000_000];
        commas.AsSpan().Fill((byte)',');
        string path = folder.Write("a.csv", [.. "id,text\n1,one\n"u8, .. commas, .. "\n"u8]);
        DocumentReader reader = DocumentReader.Open([path]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("one", Assert.Single(reader).Text);
        Assert.Equal(1, reader.Statistics.BadLines);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 12_000_000);
        Assert.Contains("names more than", Fault(folder.Write("b.csv", commas)), StringComparison.Ordinal);
    }

    static string Fault(string path, ReaderOptions? options = null) =>
        Assert.Throws<DataException>(() => DocumentReader.Open([path], options).Count()).Message;
}
