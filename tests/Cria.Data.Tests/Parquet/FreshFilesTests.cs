using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Parquet;

/// <summary>Files that other programs write now, with rows that no test has seen. The packages that
/// scripts/make-parquet-files.mjs names must be installed in the folder CRIA_PARQUET_PACKAGES.</summary>
public sealed class FreshFilesTests
{
    static readonly string Packages = Environment.GetEnvironmentVariable("CRIA_PARQUET_PACKAGES") ?? "";

    [Fact]
    public void Rows_that_no_test_has_seen_read_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, ("SEED", Random.Shared.Next(1, 1 << 30).ToString(CultureInfo.InvariantCulture)));
        foreach (string name in ParquetFixture.NamesIn(folder.Path))
        {
            var fixture = new ParquetFixture(name, folder.Path);
            foreach (string column in ParquetFixture.TextColumns(fixture.FullPath))
                Assert.Equal(fixture.Expected(column), ParquetFixture.Read(fixture.FullPath, column));
        }
    }

    [Theory]
    [InlineData("snappy", "122880")]
    [InlineData("zstd", "10000")]
    [InlineData("gzip", "2048")]
    public void A_corpus_of_the_shape_of_the_webs_reads_as_DuckDB_reads_it(string codec, string rowGroupSize)
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, ("CODEC", codec), ("ROW_GROUP_SIZE", rowGroupSize), ("MEGABYTES", "120"));
        JsonElement expected = JsonDocument.Parse(File.ReadAllBytes(folder["web.json"])).RootElement;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long rows = 0;
        DocumentReader reader = DocumentReader.Open([folder["web.parquet"]], new ReaderOptions { GroupField = "file_path" });
        foreach (Document document in reader.Process(documents => documents, threads: 2).SelectMany(documents => documents))
        {
            Assert.Equal($"s3://example/{rows / 100}", document.Group);
            hash.AppendData(document.Utf8.Span);
            hash.AppendData("\n"u8);
            Assert.Equal(++rows, document.Line);
        }

        Assert.Equal(expected.GetProperty("rows").GetInt64(), rows);
        Assert.Equal(expected.GetProperty("sha256").GetString(), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    static void Write(string folder, params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Packages, "node_modules", "hyparquet-writer")),
            "the packages of scripts/make-parquet-files.mjs are missing; set CRIA_PARQUET_PACKAGES");
        string megabytes = settings.FirstOrDefault(setting => setting.Name == "MEGABYTES").Value;
        var start = new ProcessStartInfo("node", [Script(), folder, .. megabytes is null ? (string[])[] : [megabytes]])
        {
            WorkingDirectory = Packages,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings)
            start.Environment[name] = value;
        using Process node = Process.Start(start)!;
        string complaint = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, complaint);
    }

    static string Script()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cria.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests lie outside the repository");
        return Path.Combine(folder, "scripts", "make-parquet-files.mjs");
    }
}
