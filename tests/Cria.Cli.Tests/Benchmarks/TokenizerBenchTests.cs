using System.Text;
using Cria.Cli.Benchmarks;

namespace Cria.Cli.Tests.Benchmarks;

public sealed class TokenizerBenchTests
{
    [Fact]
    public void A_file_is_cut_at_line_ends_and_nothing_of_it_is_lost()
    {
        using TemporaryFolder folder = new();
        string text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} of many\n")) + "and an end without one";
        var pieces = TokenizerBench.Lines(folder.Write("text.txt", text));
        Assert.True(pieces.Count > 3);
        Assert.All(pieces.Take(pieces.Count - 1), piece => Assert.Equal((byte)'\n', piece[^1]));
        Assert.Equal(text, string.Concat(pieces.Select(Encoding.UTF8.GetString)));
    }

    [Fact]
    public void Every_byte_is_encoded_once_on_any_number_of_threads()
    {
        byte[][] pieces = [.. Enumerable.Range(0, 50).Select(i => Encoding.UTF8.GetBytes($"The {i} hens of number {i * i} lay {i % 7} eggs."))];
        var one = new TokenizerBench(pieces, 1, 1000).Run("hens", 300, null, default);
        var three = new TokenizerBench(pieces, 3, 1000).Run("hens", 300, null, default);
        Assert.Equal(pieces.Sum(piece => piece.Length), one.Bytes);
        Assert.Equal((one.Tokens, one.VocabSize), (three.Tokens, three.VocabSize));
        Assert.InRange(one.Tokens, 1, one.Bytes - 1);
    }
}
