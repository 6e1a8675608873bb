using Cria.Data.Tokenizers;

namespace Cria.Interop.Tiktoken;

/// <summary>A published encoding: what its rank file leaves unsaid.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ranks">The number of its tokens that are not special.</param>
/// <param name="Splitter">How it cuts words.</param>
/// <param name="SpecialIds">Names of the special tokens and their ids, ascending, from the number of ranks on.</param>
sealed record TiktokenEncoding(string Name, int Ranks, IWordSplitter Splitter, IReadOnlyList<(string Name, int Id)> SpecialIds)
{
    static readonly TiktokenEncoding[] All =
    [
        new("r50k_base", 50256, Gpt2Splitter.Instance, [(BpeModel.EndOfText, 50256)]),
        new("cl100k_base", 100256, Llama3Splitter.Instance, [(BpeModel.EndOfText, 100257), ("<|fim_prefix|>", 100258),
            ("<|fim_middle|>", 100259), ("<|fim_suffix|>", 100260), ("<|endofprompt|>", 100276)]),
    ];

    /// <summary>Their names and sizes, for messages.</summary>
    public static string Known => string.Join(", ", All.Select(encoding => $"{encoding.Name} has {encoding.Ranks}"));

    public static TiktokenEncoding? Find(int ranks) => All.FirstOrDefault(encoding => encoding.Ranks == ranks);

    /// <summary>The special tokens in the order of their ids; an id that is left free is a reserved one.</summary>
    public IEnumerable<string> Specials()
    {
        int next = Ranks;
        foreach ((string name, int id) in SpecialIds)
        {
            for (; next < id; next++)
                yield return $"<|reserved_{next}|>";
            yield return name;
            next++;
        }
    }
}
