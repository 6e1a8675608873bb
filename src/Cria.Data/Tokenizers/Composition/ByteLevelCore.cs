using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tokenizers.Composition;

/// <summary>
/// Byte-level BPE with well-known words, recognised in a composed model: <see cref="BpeTokenizer"/> does the same on
/// bytes, without a string for every word.
/// </summary>
static class ByteLevelCore
{
    /// <summary>The model on bytes; null if the parts say something else.</summary>
    public static BpeModel? Find(ComposedModel composed)
    {
        if (composed.Model is not CharacterBpeModel { ByteFallback: false } model
            || Words(composed.PreTokenizer) is not { } words)
            return null;
        Dictionary<int, bool> isMark = [];
        foreach (AddedToken token in composed.AddedTokens)
            isMark[token.Id] = token.IsSpecial;
        byte[][] tokens = new byte[model.Tokens.Count][];
        bool[] hasByte = new bool[256];
        for (int id = 0; id < tokens.Length; id++)
        {
            bool isAdded = isMark.TryGetValue(id, out bool isSpecial);
            if (!isSpecial && model.Tokens[id].Length > 0 && ByteCharacters.TryParse(model.Tokens[id], out tokens[id]))
            {
                if (tokens[id].Length == 1)
                    hasByte[tokens[id][0]] = true;
                continue;
            }
            tokens[id] = EscapedText.ToUtf8(model.Tokens[id]);
            if (!isAdded || tokens[id].Length < 2)
                return null;
            isMark[id] = true; // no text becomes it inside a word
        }
        if (model.Merges.Any(merge => isMark.GetValueOrDefault(merge.Left) || isMark.GetValueOrDefault(merge.Right)
            || isMark.GetValueOrDefault(merge.Result)))
            return null;
        return !hasByte.All(has => has) ? null : new BpeModel
        {
            Tokens = tokens,
            Merges = model.Merges,
            SpecialIds = [.. isMark.Where(mark => mark.Value && mark.Key < tokens.Length).Select(mark => mark.Key).Order()],
            Splitter = words.Splitter,
            AddPrefixSpace = words.AddPrefixSpace,
            IgnoreMerges = model.IgnoresMerges,
        };
    }

    static (IWordSplitter Splitter, bool AddPrefixSpace)? Words(IPreTokenizer? preTokenizer) => preTokenizer switch
    {
        ByteLevelPreTokenizer bytes => (bytes.UsesWords ? Gpt2Splitter.Instance : WholeTextSplitter.Instance, bytes.AddPrefixSpace),
        PreTokenizerSequence
        {
            Parts: [PatternPreTokenizer { Splitter: { } splitter, Behavior: SplitBehavior.Isolated, Invert: false },
                ByteLevelPreTokenizer { AddPrefixSpace: false, UsesWords: false }]
        } => (splitter, false),
        _ => null,
    };
}
