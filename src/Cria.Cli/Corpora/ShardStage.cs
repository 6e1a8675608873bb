using System.Text.Json;
using Cria.Cli.Verbs;
using Cria.Data.Corpora;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Corpora;

/// <summary>Every part of the text becomes token shards.</summary>
sealed class ShardStage(CorpusShards recipe, CorpusDivision division) : ICorpusStage
{
    public const string Folder = "shards";

    public string Name => "shards";

    public string Key => JsonSerializer.Serialize(recipe);

    public IReadOnlyList<string> Outputs => [Folder];

    /// <summary>The fact that holds a part's manifest hash.</summary>
    public static string ManifestFact(string set) => $"{set}: manifest sha256";

    public StageReport Run(string folder, string input, int threads, CancellationToken cancellation)
    {
        ITokenizer tokenizer = TokenizerJson.Read(input);
        var packer = new ShardPacker(tokenizer, TokenizerJson.TokenizerHash(tokenizer), threads, recipe.TokensPerShard);
        List<StageFact> facts = [];
        foreach (string set in division.Sets)
        {
            DocumentReader reader = DocumentReader.Open([Path.Combine(folder, CorpusSet.TextFile(set))]);
            string shards = Path.Combine(folder, Folder, set);
            ShardManifest manifest = packer.Pack(DataVerb.Until(reader, cancellation), shards);
            using var opened = ShardSet.Open(shards);
            facts.Add(new StageFact($"{set}: tokens", $"{manifest.Tokens}"));
            facts.Add(new StageFact(ManifestFact(set), opened.ManifestHash));
        }

        return new StageReport { Stage = Name, Facts = facts };
    }
}
