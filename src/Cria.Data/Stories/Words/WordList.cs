namespace Cria.Data.Stories.Words;

/// <summary>
/// The words of one kind, most frequent first, with weights that fall like Zipf's law: 1 / (rank + <see cref="Head"/>)^1.5.
/// </summary>
public sealed class WordList
{
    /// <summary>How flat the law's head is: the first word is 2^1.5 times as frequent as the word of this rank.</summary>
    const int Head = 4;

    public WordList(WordKind kind, IReadOnlyList<Word> words)
    {
        (Kind, Words, Weights) = (kind, [.. words], new int[words.Count]);
        for (int i = 0; i < Weights.Length; i++)
            Weights[i] = WeightOfRank(i, Head);
    }

    public WordKind Kind { get; }

    public Word[] Words { get; }

    /// <summary>Relative frequencies, whole numbers so that probabilities are exact ratios.</summary>
    public int[] Weights { get; }

    public static int WeightOfRank(int rank, int head) => (int)(4_000_000 / ((rank + head) * Math.Sqrt(rank + head)));

    /// <summary>Words between commas; irregular forms after a slash: "hen, mouse/mice", "run/runs/ran".</summary>
    public static WordList Parse(WordKind kind, string text, bool isVerb = false) =>
        new(kind, [.. Split(text).Select(entry => Parse(kind, Gender.It, entry, isVerb))]);

    public static IEnumerable<Word> ParseGendered(WordKind kind, Gender gender, string text) =>
        Split(text).Select(entry => Parse(kind, gender, entry, isVerb: false));

    static string[] Split(string text) =>
        text.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static Word Parse(WordKind kind, Gender gender, string entry, bool isVerb)
    {
        string[] forms = entry.Split('/');
        if (isVerb)
            return new(kind, gender, forms[0], forms.Length > 1 && forms[1] != "" ? forms[1] : WithS(forms[0]),
                forms.Length > 2 ? forms[2] : Past(forms[0]));
        return new(kind, gender, forms[0], forms.Length > 1 ? forms[1] : WithS(forms[0]));
    }

    /// <summary>The regular plural and third person: box → boxes, berry → berries, day → days.</summary>
    static string WithS(string word) => word switch
    {
        _ when word.EndsWith('y') && !IsVowel(word[^2]) => word[..^1] + "ies",
        _ when word.EndsWith('s') || word.EndsWith('x') || word.EndsWith('z') => word + "es",
        _ when word.EndsWith("ch", StringComparison.Ordinal) => word + "es",
        _ when word.EndsWith("sh", StringComparison.Ordinal) => word + "es",
        _ => word + "s",
    };

    static string Past(string verb) => verb switch
    {
        _ when verb.EndsWith('e') => verb + "d",
        _ when verb.EndsWith('y') && !IsVowel(verb[^2]) => verb[..^1] + "ied",
        _ => verb + "ed",
    };

    static bool IsVowel(char c) => "aeiou".Contains(c);
}
