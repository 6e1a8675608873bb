using Cria.Data.Stories;

namespace Cria.Data.Tests.Stories;

/// <summary>Ten megabytes of stories, made once for all tests that count something in them.</summary>
static class Corpus
{
    public const ulong Seed = 1;
    public const long Wanted = 10_000_000;

    static readonly Lazy<IReadOnlyList<Story>> Made = new(Make);

    public static IReadOnlyList<Story> Stories => Made.Value;

    public static long SizeInBytes => Stories.Sum(story => (long)story.SizeInBytes);

    /// <summary>The words in lower case, in order; punctuation divides.</summary>
    public static IEnumerable<string> WordsOf(string text)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsAsciiLetter(text[i]) || text[i] == '-'))
                continue;
            if (i > start)
                yield return text[start..i].ToLowerInvariant();
            start = i + 1;
        }
    }

    static List<Story> Make()
    {
        var generator = new StoryGenerator(Seed);
        List<Story> stories = [];
        for (long size = 0; size < Wanted; size += stories[^1].SizeInBytes)
            stories.Add(generator.Next());
        return stories;
    }
}
