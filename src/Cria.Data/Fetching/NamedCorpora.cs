namespace Cria.Data.Fetching;

/// <summary>The corpora that the papers train on and beginners start with. Sizes are of what is fetched.</summary>
public static class NamedCorpora
{
    const long MB = 1_000_000, GB = 1_000_000_000;

    const string BabyLmArchive = "https://github.com/babylm/babylm.github.io/raw/main/babylm_data.zip";
    const string BabyLmLicence = "each of its ten sources has its own; see its page";

    public static IReadOnlyList<NamedCorpus> All { get; } =
    [
        new()
        {
            Name = "tinyshakespeare",
            What = "40,000 lines of Shakespeare's plays",
            Licence = "public domain",
            Bytes = 1_115_394,
            Home = "https://github.com/karpathy/char-rnn",
            Addresses =
            [
                new("input.txt", new("https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"),
                    1_115_394, "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"),
            ],
        },
        OnHub("tinystories", "2.1 million short stories in the words of a small child", "CDLA-Sharing-1.0", 1 * GB, "roneneldan/TinyStories"),
        OnHub("tinystories-v2", "the stories that GPT-4 wrote, as text", "CDLA-Sharing-1.0", 2_250 * MB, "roneneldan/TinyStories",
            files: "TinyStoriesV2-GPT4-*.txt"),
        BabyLm("babylm-10m", "BabyLM 2023, strict-small: 10 million words in ten files", "babylm_data/babylm_10M/*.train"),
        BabyLm("babylm-100m", "BabyLM 2023, strict: 100 million words in ten files", "babylm_data/babylm_100M/*.train"),
        BabyLm("babylm-dev", "BabyLM 2023, held-out text of the same ten sources", "babylm_data/babylm_dev/*.dev"),
        OnHub("wikitext-2", "2 million words of good Wikipedia articles, unchanged", "CC BY-SA 3.0, GFDL", 8 * MB, "Salesforce/wikitext",
            "wikitext-2-raw-v1"),
        OnHub("wikitext-103", "100 million words of good Wikipedia articles, unchanged", "CC BY-SA 3.0, GFDL", 315 * MB, "Salesforce/wikitext",
            "wikitext-103-raw-v1"),
        OnHub("openwebtext", "8 million web pages that people linked to (lilLM, Inheritune)", "CC0-1.0 for the collection", 24 * GB,
            "Skylion007/openwebtext"),
        OnHub("slimpajama-6b", "a sample of SlimPajama: web, code, books, papers (LauzHack)", "each of its sources has its own; see its page", 14 * GB,
            "DKYoon/SlimPajama-6B"),
        OnHub("fineweb-edu-10bt", "10 billion tokens of web pages that teach", "ODC-By 1.0", 28 * GB, "HuggingFaceFW/fineweb-edu", "sample-10BT"),
        OnHub("fineweb-edu-100bt", "100 billion tokens of web pages that teach (Inheritune)", "ODC-By 1.0", 280 * GB, "HuggingFaceFW/fineweb-edu",
            "sample-100BT"),
        OnHub("cosmopedia-v2", "39 million textbook chapters and stories that a model wrote", "ODC-By 1.0", 122_361 * MB,
            "HuggingFaceTB/smollm-corpus", "cosmopedia-v2"),
    ];

    /// <summary>The corpus of that name, or null.</summary>
    public static NamedCorpus? Find(string name) =>
        All.FirstOrDefault(corpus => corpus.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    static NamedCorpus OnHub(
        string name, string what, string licence, long bytes, string repository, string? config = null, string? files = null) => new()
        {
            Name = name,
            What = what,
            Licence = licence,
            Bytes = bytes,
            Home = $"https://huggingface.co/datasets/{repository}",
            Hub = new HubRequest { Repository = repository, Config = config, Files = files },
        };

    static NamedCorpus BabyLm(string name, string what, string entries) => new()
    {
        Name = name,
        What = what,
        Licence = BabyLmLicence,
        Bytes = 240 * MB,
        Home = "https://babylm.github.io/archive_2023.html",
        Addresses = [new("babylm_data.zip", new(BabyLmArchive), Unpack: entries)],
    };
}
