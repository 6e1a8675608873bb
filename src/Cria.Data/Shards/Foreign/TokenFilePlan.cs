using System.Globalization;
using Cria.Data.Sampling;

namespace Cria.Data.Shards.Foreign;

/// <summary>One file to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Format">Its layout.</param>
/// <param name="Stream">Where the ids come from.</param>
/// <param name="Start">The first of them.</param>
/// <param name="Tokens">How many; what lies beyond the stream is EndOfText.</param>
sealed record TokenFilePlan(string Name, ITokenFileFormat Format, ITokenStream Stream, long Start, long Tokens)
{
    public static List<TokenFilePlan> Of(
        TokenFileFormat format, string name, ITokenStream training, ITokenStream? validation, long? tokensPerFile) => format switch
        {
            TokenFileFormat.Bin => [Closed("train.bin", training), .. Maybe(validation, stream => Closed("val.bin", stream))],
            TokenFileFormat.Llmc =>
                [Opened($"{name}_train.bin", training), .. Maybe(validation, stream => Opened($"{name}_val.bin", stream))],
            TokenFileFormat.FineWeb => FineWeb(name, training, validation, tokensPerFile ?? TokenFileExport.FineWebTokens),
            _ => validation is null
                ? LitPkds(name, training, tokensPerFile ?? TokenFileExport.LitPkdsTokens)
                : [.. LitPkds($"{name}_train", training, tokensPerFile ?? TokenFileExport.LitPkdsTokens),
                    .. LitPkds($"{name}_val", validation, tokensPerFile ?? TokenFileExport.LitPkdsTokens)],
        };

    public void Read(long position, Span<int> ids)
    {
        int there = (int)Math.Clamp(Stream.Tokens - position, 0, ids.Length);
        if (there > 0)
            Stream.Read(position, ids[..there]);
        ids[there..].Fill(Stream.EndOfText!.Value);
    }

    static TokenFilePlan Closed(string name, ITokenStream stream) => new(name, new HeaderlessFile(), stream, 1, stream.Tokens - 1);

    static TokenFilePlan Opened(string name, ITokenStream stream) => new(name, new LlmcFile(), stream, 0, stream.Tokens - 1);

    static IEnumerable<TokenFilePlan> Maybe(ITokenStream? stream, Func<ITokenStream, TokenFilePlan> plan) =>
        stream is null ? [] : [plan(stream)];

    static List<TokenFilePlan> FineWeb(string name, ITokenStream training, ITokenStream? validation, long tokensPerFile)
    {
        List<TokenFilePlan> plans = [];
        if (validation is not null)
            Add(validation, _ => "val");
        Add(training, number => number == 0 ? "val" : "train");
        return plans;

        void Add(ITokenStream stream, Func<int, string> side)
        {
            for (long start = 0; start < stream.Tokens - 1; start += tokensPerFile)
            {
                string file = string.Create(CultureInfo.InvariantCulture, $"{name}_{side(plans.Count)}_{plans.Count:D6}.bin");
                plans.Add(new(file, new LlmcFile(), stream, start, Math.Min(tokensPerFile, stream.Tokens - 1 - start)));
            }
        }
    }

    static List<TokenFilePlan> LitPkds(string name, ITokenStream stream, long tokensPerFile)
    {
        List<TokenFilePlan> plans = [];
        for (long start = 0; start < stream.Tokens - 1; start += tokensPerFile)
        {
            string file = string.Create(CultureInfo.InvariantCulture, $"{name}_{plans.Count:D10}.bin");
            plans.Add(new(file, new LitPackedFile(), stream, start, tokensPerFile));
        }

        return plans;
    }
}
