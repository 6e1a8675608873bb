using Cria.Data.Tokenizers;

namespace Cria.Cli.Runs;

/// <summary>Prompts from text the model has not seen: the first words of held-out documents.</summary>
static class HeldOutBeginnings
{
    const int Words = 12;

    public static IReadOnlyList<string> Of(IReadOnlyList<int[]> documents, ITokenizer tokenizer, int count)
    {
        var prompts = new List<string>();
        int stride = Math.Max(1, documents.Count / count);
        for (int i = 0; i < documents.Count && prompts.Count < count; i += stride)
        {
            string text = tokenizer.Decode(documents[i].AsSpan(1, Math.Min(64, documents[i].Length - 2)));
            string[] words = text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > Words)
                prompts.Add(string.Join(' ', words.Take(Words)));
        }
        return prompts;
    }
}
