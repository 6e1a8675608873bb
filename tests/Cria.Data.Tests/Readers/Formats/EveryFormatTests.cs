using System.Runtime.CompilerServices;
using System.Text;
using Cria.Data.Readers;
using Cria.Data.Readers.Formats;
using Cria.Data.Tests.Compression;

namespace Cria.Data.Tests.Readers.Formats;

/// <summary>What holds for every format under every packer.</summary>
public sealed class EveryFormatTests
{
    static readonly string[] Texts =
        [.. Enumerable.Range(0, 1500).Select(i => $"text {i}, \"quoted\" \u00e9\U0001F600\n{new string('x', (i * 37) % 3000)}.")];

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (string format in new[] { ".txt", ".jsonl", ".csv", ".tsv" })
                foreach (string packer in new[] { "", ".gz", ".zst", ".br" })
                    names.Add(format, packer);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_texts_come_from_every_form(string format, string packer)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a" + format + packer, Packers.Pack(Encoded(format), packer));
        DocumentReader reader = DocumentReader.Open([path]);
        Assert.Equal(Texts, reader.Select(d => d.Text));
        Assert.Equal(reader.TotalBytes, reader.BytesRead);
        Assert.Equal(Texts.Length, reader.Statistics.Documents);
        Assert.Equal(Texts.Sum(Encoding.UTF8.GetByteCount), reader.Statistics.TextBytes);
        Assert.Equal(0, reader.Statistics.BadLines + reader.Statistics.InvalidBytes + reader.Statistics.EmptyDocuments);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_documents_places_and_complaints(string format, string packer)
    {
        using var folder = new TemporaryFolder();
        byte[] content = [.. Encoded(format), .. Encoding.UTF8.GetBytes("{\n1,2,3,4\n1\t2\t3\t4\n\n")];
        string path = folder.Write("a" + format + packer, Packers.Pack(content, packer));
        (string Seen, string Complaints)[] results =
        [
            .. new[] { 1, 2, 5 }.Select(threads =>
            {
                DocumentReader reader = DocumentReader.Open([path, folder.Path]);
                string seen = string.Join('|', reader.Process(documents =>
                    string.Join('|', documents.Select(d => $"{d.Place} {d.Text}")), threads));
                return (seen, $"{reader.Statistics.BadLines}{string.Join(' ', reader.Statistics.BadLineExamples)}");
            }),
        ];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Theory]
    [InlineData(".txt"), InlineData(".jsonl"), InlineData(".csv"), InlineData(".tsv")]
    public void Streams_that_give_a_byte_at_a_time_are_cut_in_the_same_blocks(string format)
    {
        byte[] content = Encoded(format);
        Assert.Equal(Blocks(new MemoryStream(content), format), Blocks(new Drops(content), format));
    }

    [Theory]
    [InlineData(".txt"), InlineData(".jsonl"), InlineData(".csv"), InlineData(".tsv")]
    public void Blocks_are_whole_documents_of_about_a_megabyte_and_are_parsed_once(string format)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a" + format, Encoded(format));
        DocumentBlock[] blocks = [.. DocumentReader.Open([path]).Blocks()];
        Assert.InRange(blocks.Length, 3, 8);
        Assert.Equal(Texts, blocks.Reverse().Select(b => b.Parse(new ReaderStatistics())).Reverse().SelectMany(d => d).Select(d => d.Text));
        Assert.Throws<InvalidOperationException>(() => blocks[0].Parse(new ReaderStatistics()));
    }

    [Theory]
    [InlineData(".txt"), InlineData(".jsonl"), InlineData(".csv"), InlineData(".tsv")]
    public void Every_place_in_a_file_may_be_its_end_without_an_accident(string format)
    {
        byte[] content = Encoded(format)[..400];
        for (int length = 1; length <= content.Length; length++)
        {
            using var folder = new TemporaryFolder();
            string path = folder.Write("a" + format, content.AsSpan(0, length));
            Exception? fault = Record.Exception(() => DocumentReader.Open([path]).Count());
            Assert.True(fault is null or DataException, $"{length}: {fault}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mark_of_byte_order_belongs_to_nothing(string format, string packer)
    {
        using var folder = new TemporaryFolder();
        byte[] content = [.. "\uFEFF"u8, .. Encoded(format)];
        Assert.Equal(Texts, DocumentReader.Open([folder.Write("a" + format + packer, Packers.Pack(content, packer))]).Select(d => d.Text));
    }

    [Theory]
    [InlineData(".txt"), InlineData(".jsonl"), InlineData(".csv"), InlineData(".tsv")]
    public void Memory_does_not_grow_with_the_file(string format)
    {
        byte[] header = format is ".csv" or ".tsv" ? Encoding.UTF8.GetBytes($"id{(format == ".csv" ? ',' : '\t')}text\n") : [];
        byte[] line = Encoding.UTF8.GetBytes(format switch
        {
            ".jsonl" => "{\"text\": \"a document on a line\"}\n",
            ".csv" => "1,a document on a line\n",
            ".tsv" => "1\ta document on a line\n",
            _ => "a document on a line\n",
        });
        var options = new ReaderOptions { Separator = ReaderOptions.EveryLine };
        ITextFormat lines = ITextFormat.Of("a" + format, options, Assert.Fail);
        var reader = new TextBlockReader(new Endless(header, line), "a" + format, lines, options);
        List<WeakReference> read = Read(reader, blocks: 30);
        GC.Collect();
        Assert.InRange(read.Count(block => block.IsAlive), 0, 1); // the reader itself holds what it will hand out next
        GC.KeepAlive(reader);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that no forgotten local keeps a block alive
    static List<WeakReference> Read(TextBlockReader reader, int blocks)
    {
        var read = new List<WeakReference>();
        foreach (DocumentBlock block in reader.Blocks().Take(blocks))
        {
            Assert.True(block.Parse(new ReaderStatistics()).Count > 10_000);
            read.Add(new WeakReference(block));
        }

        return read;
    }

    static byte[] Encoded(string format) => Encoding.UTF8.GetBytes(format switch
    {
        ".jsonl" => string.Concat(Texts.Select((t, i) => $"{{\"id\": {i}, \"text\": {Escaped(t)}}}\n")),
        ".csv" => "id,text,end\n" + string.Concat(Texts.Select((t, i) => $"{i},{Quoted(t)},\"\"\n")),
        ".tsv" => "id\ttext\tend\r\n" + string.Concat(Texts.Select((t, i) => $"{i}\t{Quoted(t)}\t\r\n")),
        _ => string.Join("\n<|endoftext|>\n", Texts),
    });

    static string Escaped(string text) =>
        $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string[] Blocks(Stream stream, string format)
    {
        var options = new ReaderOptions();
        return
        [
            .. new TextBlockReader(stream, "a" + format, ITextFormat.Of("a" + format, options, Assert.Fail), options).Blocks()
                .Select(block => $"{block.Line} {string.Join('|', block.Parse(new ReaderStatistics()).Select(d => d.Text))}"),
        ];
    }

    /// <summary>A file that never ends.</summary>
    sealed class Endless(byte[] header, byte[] line) : MemoryStream(header)
    {
        int _at;

        public override int Read(Span<byte> buffer)
        {
            int begun = base.Read(buffer);
            if (begun > 0)
                return begun;
            for (int i = 0; i < buffer.Length; i++, _at = (_at + 1) % line.Length)
                buffer[i] = line[_at];
            return buffer.Length;
        }
    }

    /// <summary>A stream that gives a byte at a time.</summary>
    sealed class Drops(byte[] content) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
