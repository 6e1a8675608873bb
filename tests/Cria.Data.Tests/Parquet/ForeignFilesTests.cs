using Cria.Data.Parquet;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Parquet;

public sealed class ForeignFilesTests
{
    public static TheoryData<string> Names => [.. ParquetFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_column_of_texts_reads_row_by_row_as_it_was_written(string name)
    {
        var fixture = new ParquetFixture(name);
        foreach (string column in ParquetFixture.TextColumns(fixture.FullPath))
            Assert.Equal(fixture.Expected(column), ParquetFixture.Read(fixture.FullPath, column));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Documents_are_the_texts_with_their_rows_and_the_group_beside_them(string name)
    {
        var fixture = new ParquetFixture(name);
        bool hasGroups = ParquetFixture.TextColumns(fixture.FullPath).Contains("author");
        string?[] texts = fixture.Expected("text"), groups = hasGroups ? fixture.Expected("author") : new string?[fixture.Rows];
        var expected = Enumerable.Range(0, fixture.Rows).Where(i => !string.IsNullOrWhiteSpace(texts[i]))
            .Select(i => (texts[i], groups[i], (long)i + 1)).ToList();
        var reader = DocumentReader.Open([fixture.FullPath], new ReaderOptions { GroupField = hasGroups ? "author" : null });
        if (expected.Count == 0)
        {
            Assert.Contains("no text", Assert.Throws<DataException>(() => reader.Count()).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, reader.Select(document => ((string?)document.Text, document.Group, document.Line)));
        Assert.Equal(fixture.Rows - expected.Count, reader.Statistics.EmptyDocuments);
        Assert.Equal(expected, reader.Process(block => block.Select(d => ((string?)d.Text, d.Group, d.Line)).ToList(), threads: 3)
            .SelectMany(block => block));
    }

    [Fact]
    public void Texts_inside_structures_are_named_by_their_path()
    {
        var fixture = new ParquetFixture("duckdb-nested.parquet");
        Assert.Equal(["meta.within.text", "text", "origin.author", "origin.url", "bytes"], ParquetFixture.TextColumns(fixture.FullPath));
        var reader = DocumentReader.Open([fixture.FullPath], new ReaderOptions { TextField = "origin.url", GroupField = "text" });
        Assert.Equal(fixture.Expected("origin.url").Where(url => url is not null), reader.Select(document => document.Text));
    }

    [Theory]
    [InlineData("story", "has no column \"story\"")]
    [InlineData("words.list.element", "holds a list")]
    [InlineData("labels.key_value.key", "holds a list")]
    [InlineData("meta.score", "holds DOUBLE")]
    [InlineData("day", "holds DATE")]
    [InlineData("meta", "has no column \"meta\"")]
    public void A_column_that_holds_no_texts_is_refused_with_those_that_do(string column, string fault)
    {
        string path = ParquetFixture.PathOf("duckdb-nested.parquet");
        var reader = DocumentReader.Open([path], new ReaderOptions { TextField = column });
        string message = Assert.Throws<DataException>(() => reader.Count()).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains("\"meta.within.text\", \"text\", \"origin.author\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hadoops_frames_of_LZ4_are_refused_by_name()
    {
        var reader = DocumentReader.Open([ParquetFixture.PathOf("refused-lz4-hadoop.parquet")]);
        Assert.Contains("LZ4 in Hadoop's frames", Assert.Throws<DataException>(() => reader.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Parquet_file_is_known_by_its_content_and_its_name_is_held_to_it()
    {
        using var folder = new TemporaryFolder();
        var fixture = new ParquetFixture("duckdb-snappy.parquet");
        string renamed = folder.Write("corpus.txt", File.ReadAllBytes(fixture.FullPath));
        Assert.Equal(fixture.Expected("text").Count(text => !string.IsNullOrWhiteSpace(text)), DocumentReader.Open([renamed]).Count());
        string page = folder.Write("train.parquet", "<html>Not found: come back later.</html>"u8);
        Assert.Contains("no Parquet file", Assert.Throws<DataException>(() => DocumentReader.Open([page]).Count()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("story", null), InlineData("text", "writer")]
    public void A_file_without_the_column_is_left_out_of_a_folder_with_a_word(string text, string? group)
    {
        using var folder = new TemporaryFolder();
        string other = folder.Write("a.parquet", File.ReadAllBytes(ParquetFixture.PathOf("duckdb-snappy.parquet")));
        folder.Write("b.jsonl", "{\"story\": \"one\", \"text\": \"one\", \"writer\": \"two\"}"u8);
        DocumentReader reader = DocumentReader.Open([folder.Path], new ReaderOptions { TextField = text, GroupField = group });
        Assert.Equal("one", Assert.Single(reader).Text);
        Assert.StartsWith($"{other} has no column \"{group ?? text}\"", Assert.Single(reader.Statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Row_groups_are_read_by_several_threads_at_once()
    {
        var fixture = new ParquetFixture("duckdb-row-groups.parquet");
        using FileStream stream = File.OpenRead(fixture.FullPath);
        var file = new ParquetFile(fixture.FullPath, stream.SafeFileHandle);
        var counts = new long[file.RowGroups.Count];
        Parallel.For(0, counts.Length, i =>
        {
            ColumnReader pages = file.Read(i, file.TextColumn("text", out _)!);
            while (pages.Next() is { } page)
            {
                PageValues values = page.Open();
                while (values.Next(1000, long.MaxValue, out var run))
                    counts[i] += run.Ranges.Length;
            }
        });
        Assert.True(counts.Length > 2);
        Assert.Equal(file.RowGroups.Select(group => group.Rows), counts);
    }
}
